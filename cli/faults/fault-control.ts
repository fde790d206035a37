import { fork } from 'node:child_process';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FAULT_CONTROL, PAST_TOXIPROXY } from '../../contract/command.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { maskUrl } from '../../contract/shown-text.ts';
import type { Settings } from '../../lib/settings.ts';
import { isLoopback } from '../../lib/target.ts';
import { PHONE_BASE_PATH } from '../../simulator/wire/phone-api.ts';
import { environmentOfCommands } from '../child-environment.ts';
import { oneLine } from '../one-line.ts';
import { LONGEST_COMMAND_MS, hooksAt } from './fault-flags.ts';
import type { FaultFlags } from './fault-flags.ts';
import type { WatcherOrder, Watching } from './fault-watcher.ts';
import { JOURNAL } from './journal.ts';
import { checkToxiproxy, namedProxy, ownProxyName } from './toxiproxy.ts';
import type { Proxy } from './toxiproxy.ts';
import { undoOpen } from './undo.ts';

/** What a run needs to have its faults made. */
export interface FaultGround {
  readonly flags: FaultFlags & { readonly dryRun?: true };
  readonly env: Readonly<Record<string, string>>;
  /** Of the scenario resilience; others have no faults. */
  readonly settings: Settings | undefined;
  /** The run's own simulator. */
  readonly simulated: boolean;
  readonly target: string | undefined;
  /** A proxy of the environment, in words. */
  readonly httpProxy: string | undefined;
  /** Creates the folder of the run, and gives its path. */
  readonly folder: () => string;
  readonly say: (line: string) => void;
}

/** The faults of a run while it plays. */
export interface FaultControl {
  /** Settings that point the script to the user's commands; the record shows them. */
  readonly hooks: Readonly<Record<string, string>>;
  /** What else the script is told. */
  readonly env: Readonly<Record<string, string>>;
  /** Addresses for names, as k6's option `hosts` has them. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Ends what is still active. Resolves after that. */
  readonly release: () => Promise<void>;
}

const NO_CONTROL: FaultControl = { hooks: {}, env: {}, hosts: {}, release: async () => undefined };

/**
 * Starts the process that makes the faults of a run and ends them in any case, where the script does not do so itself:
 * with commands, with Toxiproxy, and at a simulator that outlives the run. Throws a ConfigurationError.
 */
export async function startFaultControl(ground: FaultGround): Promise<FaultControl> {
  const { flags, env, settings, simulated, target } = ground;
  const { onFaultStart, onFaultEnd, toxiproxy } = flags;
  const commands =
    onFaultStart === undefined || onFaultEnd === undefined ? null : { start: onFaultStart, end: onFaultEnd };
  const hooked = commands !== null || (env['FAULT_START_URL'] ?? '') !== '';
  if (settings?.scenario !== 'resilience' || target === undefined) return NO_CONTROL;
  if (commands === null && (hooked || (simulated && toxiproxy === undefined))) return NO_CONTROL;
  const proxy = toxiproxy === undefined ? null : await proxyOf(toxiproxy, ground);
  // A dry run makes no fault: what it needs was looked at.
  if (flags.dryRun) {
    const nowhere = 'http://127.0.0.1:1';
    return { ...NO_CONTROL, hooks: commands === null ? {} : hooksAt(nowhere), env: { [FAULT_CONTROL]: nowhere } };
  }
  const upstream = upstreamOf(target);
  const order: WatcherOrder = {
    journal: join(ground.folder(), JOURNAL),
    runPid: process.pid,
    target: journalTarget(target),
    limitMs: flags.faultTimeout ?? LONGEST_COMMAND_MS,
    commands,
    toxiproxy: proxy === null ? null : { proxy, upstream, share: settings.faultShare },
    simulator: hooked ? null : target,
  };
  const { url, listen, release } = await startWatcher(order, ground.say);
  if (commands !== null) return { ...NO_CONTROL, hooks: hooksAt(url), release };
  const way = listen === '' ? { env: {}, hosts: {} } : wayThrough(listen, target, ground);
  if (listen !== '')
    ground.say(
      `toxiproxy  ${listen} → ${upstream}; FAULT_SHARE is a share of connections there, drawn as each is opened`,
    );
  return { ...NO_CONTROL, ...way, env: { [FAULT_CONTROL]: url, ...way.env }, release };
}

/** The user's proxy, or one to be made before the target. Throws a ConfigurationError. */
async function proxyOf(api: string, { flags, settings, httpProxy }: FaultGround): Promise<Proxy> {
  const { hostname } = new URL(api);
  const name = flags.toxiproxyProxy;
  const own = name === undefined;
  if (!isLoopback(hostname) && (own || settings?.allowHosts.includes(hostname) !== true)) {
    throw new ConfigurationError(
      own
        ? `--toxiproxy points to ${hostname}; a proxy before the target must be on this machine: start Toxiproxy here, or name a proxy with --toxiproxy-proxy`
        : `--toxiproxy points to ${hostname}, which is not loopback; to make faults there, add it to ALLOW_HOSTS`,
    );
  }
  if (own && httpProxy !== undefined)
    throw new ConfigurationError(
      `--toxiproxy cannot stand before the target, because requests go through the proxy ${httpProxy}; set NO_PROXY, or name a proxy with --toxiproxy-proxy`,
    );
  await checkToxiproxy(api);
  return own ? { api, name: ownProxyName(), own: true } : namedProxy(api, name);
}

/**
 * How requests to the target come through the proxy, and those to the phone and to the simulator's admin API past it:
 * an address is replaced by the proxy's, a name keeps URL, Host, SNI and certificate checks.
 */
function wayThrough(
  listen: string,
  target: string,
  { env, settings, simulated }: FaultGround,
): Pick<FaultControl, 'env' | 'hosts'> {
  const url = new URL(target);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const past = {
    [PAST_TOXIPROXY]: target,
    ...(settings?.driver === 'simulated' && (env['PHONE_URL'] ?? '') === ''
      ? { PHONE_URL: target + PHONE_BASE_PATH }
      : {}),
  };
  if (simulated || isIP(host) !== 0) {
    if (!isLoopback(url.hostname) && settings?.allowHosts.includes(url.hostname) !== true)
      throw new ConfigurationError(
        `PF_BASE_URL points to ${url.hostname}, which is not loopback; to put it under load, add it to ALLOW_HOSTS`,
      );
    return { env: { ...past, PF_BASE_URL: `${url.protocol}//${listen}${url.pathname.replace(/\/$/, '')}` }, hosts: {} };
  }
  // By its name all goes through the proxy; loopback has another one.
  const aside = host === 'localhost' ? { env: replaced(past, url.host, `127.0.0.1:${portOf(url)}`) } : { env: {} };
  return { ...aside, hosts: { [`${host}:${portOf(url)}`]: listen } };
}

function replaced(values: Readonly<Record<string, string>>, from: string, to: string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.replace(from, to)]));
}

const portOf = ({ port, protocol }: URL): string => (port === '' ? (protocol === 'https:' ? '443' : '80') : port);

function upstreamOf(target: string): string {
  const url = new URL(target);
  return `${url.hostname}:${portOf(url)}`;
}

/** The target as a journal names it. */
export const journalTarget = (target: string): string =>
  URL.canParse(target) ? new URL(target).origin : maskUrl(target);

interface StartedWatcher {
  readonly url: string;
  readonly listen: string;
  readonly release: () => Promise<void>;
}

async function startWatcher(order: WatcherOrder, say: (line: string) => void): Promise<StartedWatcher> {
  const entry = fileURLToPath(new URL('./fault-watcher.js', import.meta.url));
  const child = fork(entry, [], {
    // Its own process group, so that signals to the run's group do not reach it.
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
    env: environmentOfCommands(process.env),
  });
  const watching = await new Promise<Watching>((resolve, reject) => {
    child.once('error', reject);
    child.once('message', (message) => resolve(message as Watching));
    child.once('exit', (code) => reject(new Error(`the process that makes the faults exited with code ${code}`)));
    child.send(order);
  });
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  /** What the process left, if it died or could not. */
  const endRest = async (): Promise<void> => {
    const { undone, left } = await undoOpen(order.journal, undoAs(order), 'run');
    for (const { fault } of undone) say(`the fault ${fault} was left active, and is ended now`);
    for (const { fault, why } of left)
      say(`warning: the fault ${fault.fault} could not be ended: ${oneLine(why)} (docs/resilience.md)`);
  };
  let released = false;
  child.once('exit', (code, signal) => {
    if (released) return;
    say(`warning: the process that makes the faults died (${signal ?? `exit code ${code}`})`);
    void endRest();
  });
  const release = async (): Promise<void> => {
    released = true;
    if (!isOver()) {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    }
    await endRest();
  };
  if ('problem' in watching) {
    await release();
    throw new ConfigurationError(oneLine(watching.problem));
  }
  return { ...watching, release };
}

const undoAs = ({ commands, simulator, limitMs }: WatcherOrder) => ({
  ...{ command: commands?.end, simulator: simulator ?? undefined, limitMs, mayAsk: () => true },
});
