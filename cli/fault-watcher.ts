import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { oneLine } from './one-line.ts';
import { STOPPING } from './stop-on-signals.ts';

/**
 * A process of its own that begins and ends a fault by the user's commands. The run asks it to by HTTP, as it would ask a
 * hook. It outlives the run: when the channel to it closes and the fault is still on, it ends it, whatever became of the
 * run. Arguments: the two commands.
 */

/** What it tells the run once it listens. */
export interface Watching {
  readonly startUrl: string;
  readonly endUrl: string;
}

/** The most that is kept of what a command says on stderr. */
const STDERR_LIMIT = 2_000;

const [startCommand = '', endCommand = ''] = process.argv.slice(2);

/** True from the moment when the start command begins: one that fails halfway may have done half. */
let on = false;
/** Commands run one after the other. */
let last: Promise<unknown> = Promise.resolve();

/** Runs a command in a shell. Resolves to what went wrong, or undefined. */
function runCommand(command: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-STDERR_LIMIT)));
    child.once('error', (error) => resolve(error.message));
    // `exit`, not `close`: a command may leave something in the background that holds stderr open.
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

// Only who knows the path may ask: other users of this machine can reach the port.
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

// A terminal sends Ctrl-C to every process of a command line, a closed one SIGHUP: the run decides, not these.
for (const signal of STOPPING) process.on(signal, () => undefined);
process.once('disconnect', () => {
  void inTurn('end').then((wrong) => process.exit(wrong === undefined ? 0 : 1));
});

server.listen(0, '127.0.0.1', () => {
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${secret}`;
  process.send?.({ startUrl: `${base}/start`, endUrl: `${base}/end` } satisfies Watching);
});
