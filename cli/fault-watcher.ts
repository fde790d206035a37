import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { oneLine } from './one-line.ts';
import { STOPPING } from './stop-on-signals.ts';

/**
 * A separate process that starts and ends a fault with the user's commands. The run requests both over HTTP, like any
 * hook. It outlives the run: if the IPC channel closes while the fault is active, it ends the fault, however the run
 * died. Arguments: the two commands.
 */

/** Sent to the run when the server listens. */
export interface Watching {
  readonly startUrl: string;
  readonly endUrl: string;
}

/** How much of a command's stderr is kept. */
const STDERR_LIMIT = 2_000;

const [startCommand = '', endCommand = ''] = process.argv.slice(2);

/** Set before the start command runs: a failed command may have taken partial effect. */
let on = false;
/** Serializes the commands. */
let last: Promise<unknown> = Promise.resolve();

/** Runs a command in a shell. Resolves to an error message, or undefined. */
function runCommand(command: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-STDERR_LIMIT)));
    child.once('error', (error) => resolve(error.message));
    // `exit`, not `close`: a background process of the command may keep stderr open.
    child.once('exit', (code, signal) => {
      resolve(
        code === 0 ? undefined : `the command ended with ${signal ?? `exit code ${code}`} ${oneLine(said)}`.trim(),
      );
    });
  });
}

const edges = {
  start: async (): Promise<string | undefined> => {
    on = true;
    return runCommand(startCommand);
  },
  end: async (): Promise<string | undefined> => {
    if (!on) return undefined;
    const wrong = await runCommand(endCommand);
    on = wrong !== undefined;
    return wrong;
  },
};

function inTurn(edge: keyof typeof edges): Promise<string | undefined> {
  const result = last.then(() => edges[edge]());
  last = result;
  return result;
}

// The secret path keeps out other users of this machine, who can reach the port.
const secret = randomBytes(16).toString('hex');
const paths: Readonly<Record<string, keyof typeof edges>> = {
  [`/${secret}/start`]: 'start',
  [`/${secret}/end`]: 'end',
};

const server = createServer((request, response) => {
  const edge = request.method === 'POST' ? paths[request.url ?? ''] : undefined;
  request.resume();
  if (edge === undefined) {
    response.writeHead(404).end();
    return;
  }
  void inTurn(edge).then((wrong) => response.writeHead(wrong === undefined ? 204 : 500).end(wrong));
});

// Ctrl-C and SIGHUP from a terminal reach every process of its group; only the run decides when to stop.
for (const signal of STOPPING) process.on(signal, () => undefined);
process.once('disconnect', () => {
  void inTurn('end').then((wrong) => process.exit(wrong === undefined ? 0 : 1));
});

server.listen(0, '127.0.0.1', () => {
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${secret}`;
  process.send?.({ startUrl: `${base}/start`, endUrl: `${base}/end` } satisfies Watching);
});
