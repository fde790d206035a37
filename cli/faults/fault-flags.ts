import { Option } from 'commander';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { NETWORK_FAULTS } from '../../catalogue/phases.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { writtenDefault } from '../../lib/settings.ts';
import { durationFlag } from '../flag-values.ts';
import { RESILIENCE_HELP } from '../resilience-flags.ts';
import { givenIn } from '../script-environment.ts';
import type { Script } from '../script.ts';

/** Flags of `run` about who makes the faults, and who notices. */
export interface FaultFlags {
  readonly onFaultStart?: string;
  readonly onFaultEnd?: string;
  /** Milliseconds. */
  readonly faultTimeout?: number;
  readonly toxiproxy?: string;
  readonly toxiproxyProxy?: string;
  readonly detect?: string;
}

/** Longest and usual time that a command may take: the script waits no longer for it. */
export const LONGEST_COMMAND_MS = 300_000;

/** Adds the flags in a help group of their own. */
export function addFaultFlags(command: Command): void {
  const add = (option: Option): void => void command.addOption(option.helpGroup(RESILIENCE_HELP));
  add(new Option('--on-fault-start <command>', 'command that starts a fault, instead of the simulator'));
  add(new Option('--on-fault-end <command>', 'command that ends the fault; also run if the run is killed'));
  add(
    new Option('--fault-timeout <time>', 'how long either command may take (default: 5m, which is the most)').argParser(
      commandLimit,
    ),
  );
  add(
    new Option('--toxiproxy <url>', 'API of a Toxiproxy that makes the network faults (FAULTS=net-reset, …)').argParser(
      origin,
    ),
  );
  add(
    new Option('--toxiproxy-proxy <name>', 'a proxy that you put somewhere yourself (default: one before the target)'),
  );
  add(
    new Option(
      '--detect <url|command>',
      'asked every second whether somebody noticed: a list of alerts, a health check, or a command that ends with 0',
    ),
  );
}

function commandLimit(text: string): number {
  const ms = durationFlag('--fault-timeout')(text);
  if (ms > 0 && ms <= LONGEST_COMMAND_MS) return ms;
  throw new InvalidArgumentError('Write a time above 0, at most 5m.');
}

/** The origin of an API: a path or a query would be a mistake. */
export function origin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    url.username === '' &&
    /^\/?$/.test(url.pathname) &&
    url.search === ''
  )
    return url.origin;
  throw new InvalidArgumentError('Write an address such as http://127.0.0.1:8474.');
}

const FLAGS: readonly (readonly [keyof FaultFlags, string])[] = [
  ['onFaultStart', '--on-fault-start'],
  ['onFaultEnd', '--on-fault-end'],
  ['faultTimeout', '--fault-timeout'],
  ['toxiproxy', '--toxiproxy'],
  ['toxiproxyProxy', '--toxiproxy-proxy'],
  ['detect', '--detect'],
];

type Environment = Readonly<Record<string, string>>;

/** The network faults among those of a run. */
export function networkFaults(env: Environment): readonly string[] {
  const faults = (givenIn(env, 'FAULTS') ?? writtenDefault('FAULTS', 'resilience'))
    .split(',')
    .map((name) => name.trim());
  return faults.filter((name) => NETWORK_FAULTS.some((known) => known === name));
}

/** Throws a ConfigurationError for flags that do not apply. */
export function checkFaultFlags(script: Script, flags: FaultFlags, env: Environment): void {
  const [given] = FLAGS.filter(([name]) => flags[name] !== undefined);
  if (!script.builtIn || script.name !== 'resilience') {
    if (given === undefined) return;
    throw new ConfigurationError(`${given[1]} cannot be combined with ${script.name}; it applies to resilience`);
  }
  checkCommands(flags, env);
  checkNetwork(flags, env);
  if (flags.detect?.trim() === '')
    throw new ConfigurationError('--detect is empty; write a URL, or a command that ends with 0 once somebody noticed');
}

function checkCommands({ onFaultStart: start, onFaultEnd: end, faultTimeout }: FaultFlags, env: Environment): void {
  if (start === undefined && end === undefined) {
    if (faultTimeout !== undefined)
      throw new ConfigurationError('--fault-timeout has no effect without --on-fault-start and --on-fault-end');
    return;
  }
  if (start === undefined || end === undefined || start.trim() === '' || end.trim() === '') {
    throw new ConfigurationError(
      '--on-fault-start and --on-fault-end must be given together: a fault that is started must be ended',
    );
  }
  const given = ['FAULT_START_URL', 'FAULT_END_URL'].find((name) => (env[name] ?? '') !== '');
  if (given !== undefined) {
    throw new ConfigurationError(`--on-fault-start cannot be combined with ${given}; leave one of them out`);
  }
}

function checkNetwork({ toxiproxy, toxiproxyProxy, onFaultStart }: FaultFlags, env: Environment): void {
  const [network] = networkFaults(env);
  if (toxiproxy === undefined) {
    if (toxiproxyProxy !== undefined)
      throw new ConfigurationError('--toxiproxy-proxy needs --toxiproxy URL: where it is');
    if (network !== undefined && onFaultStart === undefined)
      throw new ConfigurationError(
        `FAULTS: ${network} is a fault of the network, which Toxiproxy makes; add --toxiproxy http://127.0.0.1:8474 (docs/resilience.md)`,
      );
    return;
  }
  if (onFaultStart !== undefined || (env['FAULT_START_URL'] ?? '') !== '')
    throw new ConfigurationError('--toxiproxy cannot be combined with commands or hooks; leave one of them out');
  if (network === undefined)
    throw new ConfigurationError(
      '--toxiproxy has no effect without a fault of the network; write -e FAULTS=net-reset, or leave it out',
    );
}

type Hooks = Readonly<Record<'FAULT_START_URL' | 'FAULT_END_URL', string>>;

/** Placeholder hooks for checking the settings before the process is started. */
export function hooksToCome({ onFaultStart }: FaultFlags): Hooks | undefined {
  return onFaultStart === undefined ? undefined : hooksAt('http://127.0.0.1:1');
}

/** One URL serves both: the request says which. */
export const hooksAt = (url: string): Hooks => ({ FAULT_START_URL: url, FAULT_END_URL: url });
