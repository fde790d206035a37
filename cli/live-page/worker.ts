import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { headBefore } from './head.ts';
import type { FromLivePage, LiveOrder, ToLivePage } from './messages.ts';
import { finalPage, finalWithout, liveShell } from './page.ts';
import { LiveServer } from './server.ts';
import type { Frame } from './server.ts';
import { LiveState } from './state.ts';

/** The thread of the live page: collects what is recorded, makes the page, serves it. */

const TICK_MS = 1_000;
/** Charts are made anew this many times later than it took, so that they take a fiftieth of a core; and at the latest after that. */
const CHART_SHARE = 50;
const CHART_LATEST_MS = 10_000;

const order = workerData as LiveOrder;
const send = (message: FromLivePage): void => parentPort!.postMessage(message);
const state = new LiveState();
let last: Frame | undefined;
let nextWholeAt = 0;
let began = false;

function tick(): void {
  // Nobody looks: nothing is made.
  if (!server.followed) return;
  const at = performance.now();
  const whole = at >= nextWholeAt;
  last = state.frame(last, whole);
  server.show(last);
  const made = performance.now();
  if (whole) nextWholeAt = made + Math.min(CHART_LATEST_MS, CHART_SHARE * (made - at));
}

const server = new LiveServer(order, {
  shell: () => liveShell({ script: order.script, head: headBefore(), control: order.control }),
  joined: () => {
    nextWholeAt = 0;
    tick();
  },
  stop: () => send({ is: 'stop' }),
});

async function end(): Promise<void> {
  clearInterval(ticking);
  await server.end(
    began ? reportPage() : finalWithout(order.script, 'The run ended before its load; the terminal says why.'),
  );
  send({ is: 'ended' });
}

function reportPage(): object {
  try {
    return finalPage(readFileSync(join(state.path, 'report.html'), 'utf8'), state.folder);
  } catch {
    return finalWithout(order.script, 'The run has ended, and its report could not be written; the terminal says why.');
  }
}

parentPort!.on('message', (message: ToLivePage) => {
  switch (message.is) {
    case 'begin':
      began = true;
      state.begin(message.run, message.folder);
      break;
    case 'interval':
      state.interval(message.interval);
      break;
    case 'progress':
      state.progress(message.numbers, message.causes, message.failed);
      break;
    case 'end':
      void end();
  }
});

const ticking = setInterval(() => {
  tick();
  if (server.followed) void state.read();
}, TICK_MS);

server.listen().then(
  (port) => send({ is: 'listening', port }),
  (error: unknown) => send({ is: 'refused', code: String((error as { code?: unknown }).code ?? error) }),
);
