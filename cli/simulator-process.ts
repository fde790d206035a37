import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { whole } from '../contract/decode.ts';
import { Deadline } from '../engine/deadline.ts';
import { writtenDefault } from '../lib/settings.ts';
import { ADMIN_PATHS } from '../simulator/wire/admin-api.ts';
import { environmentOfOurs } from './child-environment.ts';
import { oneLine } from './one-line.ts';
import { givenIn } from './script-environment.ts';
import type { Listening } from './simulate.ts';

/** A simulator in its own process, so that it does not share an event loop with the load generator. */
export interface SimulatorProcess {
  readonly url: string;
  /** Flow starts it has counted; undefined if it does not answer. */
  starts(): Promise<number | undefined>;
  /** Idempotent. */
  stop(): Promise<void>;
}

/** How much of the process's stderr is kept. */
const STDERR_LIMIT = 4_000;
const COUNTS_TIMEOUT_MS = 5_000;
const STOP_TIMEOUT_MS = 3_000;
/** Likely cause if the process was killed without a message. */
const ABORTED = 'most likely it ran out of memory; raise "ulimit -v", or add memory to the machine';

/**
 * Starts `pairstorm simulate` on a free port. The closing IPC channel ends it with this process, however that ends.
 * Throws a ConfigurationError if the simulator rejects its arguments or inventory. `onDeath` is called if it dies
 * later.
 */
async function startSimulatorProcess(
  simulatorArguments: readonly string[],
  onDeath: (reason: string) => void,
): Promise<SimulatorProcess> {
  const entry = fileURLToPath(new URL('./pairstorm.js', import.meta.url));
  const child = fork(entry, ['simulate', '--port=0', ...simulatorArguments], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    env: environmentOfOurs(process.env),
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-STDERR_LIMIT);
  });
  const url = await listening(child, () => said);
  let stopping = false;
  child.once('exit', (code, signal) => {
    if (!stopping) onDeath(`the simulator ended (${signal ?? `exit code ${code}`}) ${oneLine(said)}`.trim());
  });
  return {
    url,
    starts: () => fetchStarts(url),
    stop: async () => {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(late);
    },
  };
}

function listening(child: ChildProcess, said: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('message', (message) => resolve((message as Listening).url));
    // `close` guarantees that stderr has been read; `exit` does not.
    child.once('close', (code, signal) => {
      if (signal !== null) {
        reject(new ConfigurationError(`the simulator could not start (${signal}): ${ABORTED}`));
        return;
      }
      const reason = oneLine(said()).replace(/^error: /, '') || `the simulator ended with exit code ${code}`;
      const configuration = code === EXIT_CODES.invalid_configuration.code;
      reject(configuration ? new ConfigurationError(reason) : new Error(reason));
    });
  });
}

async function fetchStarts(url: string): Promise<number | undefined> {
  const deadline = new Deadline(COUNTS_TIMEOUT_MS);
  const { get } = url.startsWith('https:') ? https : http;
  try {
    // Our own child's certificate is self-signed, and nothing secret is sent.
    const request = get(url + ADMIN_PATHS.counts, { agent: false, rejectUnauthorized: false, signal: deadline.signal });
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    const counts = (await json(answer)) as { readonly starts?: unknown };
    return whole(0)(counts.starts, 'starts');
  } catch {
    return undefined;
  } finally {
    deadline.clear();
  }
}

/**
 * Starts a simulator with the script's inventory and TIME_SCALE, and points the script's settings (`env`) to it.
 * `simulatorArguments` are appended; `warn` is called if it dies. Throws a ConfigurationError.
 */
export async function startSimulatorOfRun(
  env: Record<string, string>,
  inventory: string,
  simulatorArguments: readonly string[],
  warn: (reason: string) => void,
): Promise<SimulatorProcess> {
  const scale = Number(givenIn(env, 'TIME_SCALE') ?? writtenDefault('TIME_SCALE'));
  const key = givenIn(env, 'PF_REQUEST_KEY_FILE');
  const keys = key === undefined ? [] : [`--request-key-file=${key}`];
  const start = [`--inventory=${inventory}`, `--time-scale=${scale}`, ...keys, ...simulatorArguments];
  const simulator = await startSimulatorProcess(start, warn);
  env['PF_BASE_URL'] = simulator.url;
  if (simulator.url.startsWith('https:')) env['TLS_SKIP_VERIFY'] = givenIn(env, 'TLS_SKIP_VERIFY') ?? 'true';
  return simulator;
}
