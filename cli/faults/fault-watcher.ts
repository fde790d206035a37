import { NETWORK_FAULTS } from '../../catalogue/phases.ts';
import { describeFileError } from '../../record/text-file.ts';
import { reasonOf } from '../one-line.ts';
import { STOPPING } from '../stop-on-signals.ts';
import { hookOf, noteFault, noteUndone, startJournal } from './journal.ts';
import type { OpenFault, Undo } from './journal.ts';
import { runCommand } from './run-command.ts';
import { beginAtSimulator } from './simulator-faults.ts';
import { beginToxic, makeProxy, undoOf } from './toxiproxy.ts';
import type { Proxy } from './toxiproxy.ts';
import { undoFault } from './undo.ts';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A separate process that starts and ends the faults of a run, at the run's request over HTTP. Each is noted in the
 * journal before it begins. The process outlives the run: if the IPC channel closes, it ends what is still active,
 * however the run died.
 */

/** What the run tells it first. */
export interface WatcherOrder {
  readonly journal: string;
  readonly runPid: number;
  readonly target: string;
  /** How long a command may take. */
  readonly limitMs: number;
  readonly commands: { readonly start: string; readonly end: string } | null;
  /** `upstream`: where a proxy of the run's own leads. */
  readonly toxiproxy: { readonly proxy: Proxy; readonly upstream: string; readonly share: number } | null;
  readonly simulator: string | null;
}

/** Its answer: where it listens, and where its proxy does (`''`: none of its own); or why not. */
export type Watching = { readonly url: string; readonly listen: string } | { readonly problem: string };

/** Attempts to end a fault once the run is over, and the time between them. */
const TRIES = 3;
const BETWEEN_MS = 1_000;
const LARGEST_BODY = 10_000;

/** What a script asks for (contract/command.ts, FAULT_CONTROL). */
interface Asked {
  readonly fault: string;
  readonly edge: 'start' | 'end';
  readonly definition?: unknown;
}

const open: OpenFault[] = [];
let lastId = 0;
/** Serializes what is done. */
let last: Promise<unknown> = Promise.resolve();

/** Notes a fault, then begins it: one that could not begin may have taken partial effect, so it stays open. */
async function begin(
  { journal }: WatcherOrder,
  fault: string,
  undo: Undo,
  act: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const noted: OpenFault = { id: ++lastId, fault, undo };
  try {
    noteFault(journal, noted);
  } catch (error) {
    return `it is not begun, because it cannot be noted in ${journal}: ${describeFileError(error)}`;
  }
  open.push(noted);
  return act().catch(reasonOf);
}

function start(order: WatcherOrder, { fault, definition }: Asked): Promise<string | undefined> {
  const { toxiproxy, simulator, commands, limitMs } = order;
  const network = NETWORK_FAULTS.find((known) => known === fault);
  if (commands !== null) return begin(order, fault, hookOf(commands.end), () => runCommand(commands.start, limitMs));
  if (network !== undefined && toxiproxy !== null) {
    const { proxy, share } = toxiproxy;
    return begin(order, fault, undoOf(network, proxy), () => beginToxic(network, proxy, share));
  }
  if (network === undefined && simulator !== null)
    return begin(order, fault, { kind: 'simulator', name: fault }, () => beginAtSimulator(simulator, definition));
  return Promise.resolve('nobody here makes it');
}

/** Ends what is active of these faults. Resolves to an error message, or undefined. */
async function end(order: WatcherOrder, which: (fault: OpenFault) => boolean): Promise<string | undefined> {
  const wrong: string[] = [];
  for (const fault of open.filter(which).reverse()) {
    const { commands, simulator, limitMs } = order;
    const why = await undoFault(fault, {
      ...{ command: commands?.end, simulator: simulator ?? undefined, limitMs, mayAsk: () => true },
    });
    if (why !== undefined) {
      wrong.push(why);
      continue;
    }
    open.splice(open.indexOf(fault), 1);
    try {
      noteUndone(order.journal, fault, 'watcher');
    } catch {
      // Whoever reads the journal undoes it again, which it bears.
    }
  }
  return wrong.length === 0 ? undefined : wrong.join('; ');
}

function inTurn(act: () => Promise<string | undefined>): Promise<string | undefined> {
  const result = last.then(act);
  last = result;
  return result;
}

async function bodyOf(request: IncomingMessage): Promise<Asked | undefined> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > LARGEST_BODY) return undefined;
  }
  try {
    const { fault, edge, definition } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof fault !== 'string' || (edge !== 'start' && edge !== 'end')) return undefined;
    return { fault, edge, definition };
  } catch {
    return undefined;
  }
}

/** Begins to watch: the journal, the run's own proxy, and the server that the script asks. */
async function watch(order: WatcherOrder): Promise<Watching> {
  try {
    startJournal(order.journal, [order.runPid, process.pid], order.target);
  } catch (error) {
    return { problem: `${order.journal} cannot be written: ${describeFileError(error)}` };
  }
  let listen = '';
  if (order.toxiproxy?.proxy.own === true) {
    const { proxy, upstream } = order.toxiproxy;
    const undo: Undo = { kind: 'proxy', api: proxy.api, proxy: proxy.name };
    const problem = await begin(order, 'proxy', undo, async () => {
      listen = await makeProxy(proxy, upstream);
      return undefined;
    });
    if (problem !== undefined) return { problem };
  }
  // The secret path keeps out other users of this machine, who can reach the port.
  const path = `/${randomBytes(16).toString('hex')}`;
  const server = createServer((request, response) => {
    void (async () => {
      const asked = request.method === 'POST' && request.url === path ? await bodyOf(request) : undefined;
      if (asked === undefined) {
        request.resume();
        response.writeHead(404).end();
        return;
      }
      const { fault, edge } = asked;
      const wrong = await inTurn(() =>
        edge === 'start' ? start(order, asked) : end(order, (one) => one.fault === fault),
      );
      response.writeHead(wrong === undefined ? 204 : 500).end(wrong);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, listen };
}

/** The run is over, or dead: ends everything, with a few attempts. */
async function finish(order: WatcherOrder): Promise<void> {
  let wrong: string | undefined;
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    wrong = await inTurn(() => end(order, () => true));
    if (wrong === undefined) break;
    if (attempt < TRIES) await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
  }
  process.exit(wrong === undefined ? 0 : 1);
}

// Ctrl-C and SIGHUP from a terminal reach every process of its group; only the run decides when to stop.
for (const signal of STOPPING) process.on(signal, () => undefined);
process.once('message', (message) => {
  const order = message as WatcherOrder;
  process.once('disconnect', () => void finish(order));
  void watch(order).then((watching) => process.send?.(watching));
});
// A run that died before it said anything.
process.once('disconnect', () => {
  if (lastId === 0) process.exit(0);
});
