import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { ADMIN_PATHS } from '../simulator/wire/admin-api.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { PHONE_BASE_PATH } from '../simulator/wire/phone-api.ts';
import { visibleLines } from '../contract/shown-text.ts';
import { PATHS, REDIRECTLESS_RESPONSE_MODE, XSRF_HEADER } from '../protocol/transport.ts';
import { SimulatorSettingsError } from '../simulator/settings.ts';
import { OAUTH_CLIENTS } from '../simulator/settings/oauth.ts';
import { asStarted, shellWord } from './as-started.ts';
import { DIST } from './package.ts';
import { readInventoryFile } from './read-inventory.ts';
import { addSimulatorFlags, settingsOf } from './simulator-flags.ts';
import { print } from './stdout.ts';
import { STOPPING, onceLeftByNpx } from './stop-on-signals.ts';

/** Sent over IPC to the parent process once the simulator listens. */
export interface Listening {
  readonly url: string;
}

export function define(command: Command): void {
  command.option('--inventory <file>', 'accounts and devices (default: the bundled inventory)');
  addSimulatorFlags(command);
  command
    .addHelpText(
      'after',
      `
For testing only: accounts and secrets are made up, and anybody may approve a
push. Runs until Ctrl-C. Counts are at /admin/counts, and for Prometheus at
/metrics. Use --time-scale 0.1 for a run with TIME_SCALE=0.1: the setting
shortens think time, the flag lifetimes.

Examples:
  pairstorm simulate
  pairstorm simulate --inventory people.json --port 9040 --latency off
  pairstorm simulate --workers 4 --latency-scale 5      a small, slow PingFederate`,
    )
    .action(simulate);
}

async function simulate(flags: Readonly<Record<string, unknown>>): Promise<void> {
  const given = flags['inventory'];
  const file = typeof given === 'string' ? resolve(given) : join(DIST, 'inventory.json');
  const inventory = readInventoryFile(file, '--inventory');
  const { startSimulator } = await import('../simulator/simulator.ts');
  const simulator = await startSimulator({ ...settingsOf(flags), inventory }).catch((error: unknown) => {
    throw asConfigurationError(error);
  });
  const ended = untilStopped();
  if (process.send === undefined) {
    const url = urlFor(simulator.url, flags);
    const users = `${inventory.users.length}, from ${relative(process.cwd(), file)}`;
    print(visibleLines(greeting(url, users, loadLine(url, flags))));
  } else {
    process.send({ url: simulator.url } satisfies Listening);
  }
  await ended;
  await simulator.close();
}

/** The simulator throws plain Errors for what the user can fix (a port in use); anything else is a bug. */
function asConfigurationError(error: unknown): unknown {
  const plain = error instanceof Error && (error.name === 'Error' || error instanceof SimulatorSettingsError);
  return plain ? new ConfigurationError(error.message, { cause: error }) : error;
}

/** The URL for clients: --base-url if given; a wildcard address is replaced by loopback. */
function urlFor(url: string, { baseUrl }: Readonly<Record<string, unknown>>): string {
  if (typeof baseUrl === 'string' && baseUrl !== '') return baseUrl.replace(/\/+$/, '');
  return url.replace(/\/\/(0\.0\.0\.0|\[::\])(?=:|$)/, '//127.0.0.1');
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** A command to paste into a shell that puts load on this simulator. */
function loadLine(url: string, { inventory, timeScale }: Readonly<Record<string, unknown>>): string {
  const { protocol, hostname } = new URL(url);
  const settings = {
    PF_BASE_URL: url,
    // The simulator's certificate is self-signed.
    ...(protocol === 'https:' && { TLS_SKIP_VERIFY: 'true' }),
    ...(LOOPBACK.test(hostname) ? {} : { ALLOW_HOSTS: hostname }),
    ...(typeof inventory === 'string' && { INVENTORY: resolve(inventory) }),
    ...(typeof timeScale === 'number' && { TIME_SCALE: String(timeScale) }),
  };
  const words = Object.entries(settings).map(([name, value]) => `${name}=${shellWord(value)}`);
  return [...words, asStarted(), 'run', 'smoke'].join(' ');
}

function greeting(url: string, users: string, load: string): string {
  const [client] = OAUTH_CLIENTS;
  const query = `client_id=${client.id}&response_type=code&response_mode=${REDIRECTLESS_RESPONSE_MODE}&scope=openid`;
  const insecure = url.startsWith('https:') ? ' -k' : '';
  const header = `${XSRF_HEADER.name}: ${XSRF_HEADER.value}`;
  return `Simulated PingFederate on ${url} (Ctrl-C stops it)
  users     ${users}
  client    ${client.id}, secret ${client.secret} (or PKCE without one)
  phone     ${url}${PHONE_BASE_PATH}
  counts    ${url}${ADMIN_PATHS.counts}
  try it    curl -s${insecure} -H '${header}' '${url}${PATHS.authorization}?${query}'
  load it   ${load}
`;
}

/**
 * Resolves on a stop signal. As a child of `run`, it lives as long as the IPC channel and ignores signals that a
 * terminal sends to both, so that running flows can finish.
 */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => resolve();
    if (process.send === undefined) {
      for (const signal of STOPPING) process.once(signal, stop);
      onceLeftByNpx(stop);
    } else {
      for (const signal of STOPPING) if (signal !== 'SIGTERM') process.on(signal, () => undefined);
      process.once('disconnect', stop);
      process.once('SIGTERM', stop);
    }
  });
}
