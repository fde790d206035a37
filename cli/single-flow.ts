import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import type { Inventory } from '../contract/inventory.ts';
import { maskUrl } from '../contract/shown-text.ts';
import type { RunResult } from '../engine/result.ts';
import { StopSignal } from '../engine/stop-signal.ts';
import { SETTINGS, writtenDefault } from '../lib/settings.ts';
import { settleFiles } from './file-settings.ts';
import { oneLine } from './one-line.ts';
import { DIST } from './package.ts';
import { proxiesOf, tellProxy } from './proxy-environment.ts';
import { readInventoryFile } from './read-inventory.ts';
import { checkRequestObject } from './request-to-come.ts';
import { givenIn, scriptEnvironment } from './script-environment.ts';
import { simulatorArguments } from './simulator-flags.ts';
import { OPTION_NAMES } from './setting-in-words.ts';
import { startSimulatorOfRun } from './simulator-process.ts';
import type { SimulatorProcess } from './simulator-process.ts';
import { signRequestOfRun } from './sign-request.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface SingleFlowFlags {
  readonly env?: readonly string[];
  readonly simulatorOption?: readonly string[];
}

interface SingleFlow {
  readonly path: string;
  readonly env: Record<string, string>;
  readonly inventory: { readonly file: string } & Inventory;
  readonly simulated: boolean;
  readonly simulatorArguments: readonly string[];
}

interface Hearing {
  /** Called before the first request, with the target and its proxy. */
  readonly target: (url: string, proxy: string | undefined) => void;
  /** Called for each line of the script's console. */
  readonly line: (line: string) => void;
  readonly warning: (line: string) => void;
}

/**
 * Prepares a bundle of dist/tools/. `kept`: scenario settings that it uses nevertheless. Throws a ConfigurationError.
 */
export function singleFlow(name: string, flags: SingleFlowFlags, kept: readonly string[]): SingleFlow {
  const path = join(DIST, 'tools', `${name}.js`);
  if (!existsSync(path)) throw new ConfigurationError(`${path} is not built; run "npm run build"`);
  const env = scriptEnvironment({ name, path, builtIn: true }, flags.env ?? [], process.env);
  for (const pair of flags.env ?? []) {
    const setting = pair.slice(0, pair.indexOf('='));
    if (SETTINGS.get(setting)?.scenarios !== undefined && !kept.includes(setting)) {
      throw new ConfigurationError(`-e ${setting} does not apply to ${name}, which makes no load; leave it out`);
    }
  }
  settleFiles(env);
  checkRequestObject(env, 0);
  env['INVENTORY'] = givenIn(env, 'INVENTORY') ?? join(DIST, writtenDefault('INVENTORY'));
  const target = givenIn(env, 'PF_BASE_URL');
  if (flags.simulatorOption !== undefined && target !== undefined) {
    throw new ConfigurationError(`--simulator-option has no effect: PF_BASE_URL is ${maskUrl(target)}`);
  }
  const inventory = { file: env['INVENTORY'], ...readInventoryFile(env['INVENTORY']) };
  const options = simulatorArguments(flags.simulatorOption ?? []);
  return { path, env, inventory, simulated: target === undefined, simulatorArguments: options };
}

/**
 * Runs the bundle, with its own simulator if no target was given. Throws a ConfigurationError if the bundle rejects the
 * settings.
 */
export async function playSingleFlow(flow: SingleFlow, { target, line, warning }: Hearing): Promise<RunResult> {
  const { path, env, inventory, simulated } = flow;
  const stop = new StopSignal();
  let simulator: SimulatorProcess | undefined;
  let unlisten = (): void => undefined;
  try {
    if (simulated) simulator = await startSimulatorOfRun(env, inventory.file, flow.simulatorArguments, warning);
    target(maskUrl(env['PF_BASE_URL']!), tellProxy(env, env['PF_BASE_URL']));
    await signRequestOfRun(env, 0);
    const { run } = await import('../engine/run.ts');
    const result = await run({
      bundlePath: path,
      knownCalls: true,
      optionNames: OPTION_NAMES,
      env,
      proxies: proxiesOf(process.env),
      // Generator health is irrelevant for a single flow.
      allowInvalid: true,
      stop,
      onPrepared: () => {
        unlisten = stopOnSignals(stop, warning);
      },
      onConsole: (_level, text) => line(text),
    });
    if (result.exit === 'invalid_configuration') throw new ConfigurationError(result.reason);
    return result;
  } finally {
    await simulator?.stop();
    unlisten();
  }
}

/** Flags shared by doctor and trace. */
export const SINGLE_FLOW_FLAGS = {
  env: ['-e, --env <name=value>', 'a setting; repeatable; takes precedence over the environment'],
  simulatorOption: ['--simulator-option <key=value>', 'a flag of "pairstorm simulate"; repeatable'],
} as const;

/** Prints why the flow ended early and returns the exit code. */
export function endedEarly({ exitCode, reason }: RunResult): number {
  process.stderr.write(`error: ${oneLine(reason ?? 'the flow did not finish')}\n`);
  // An exception in the iteration is reported but does not fail a run.
  return exitCode === EXIT_CODES.pass.code ? EXIT_CODES.internal_error.code : exitCode;
}
