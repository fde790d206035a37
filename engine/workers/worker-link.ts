import { Worker } from 'node:worker_threads';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { ThreadHealth } from '../generator-health/monitor.ts';
import { memoryFault } from '../memory-fault.ts';
import type { SampleChunk } from '../outputs/sample-forwarding.ts';
import type { TestRun } from '../test-run.ts';
import { ScriptFailure } from '../thrown.ts';
import type { FromWorker, Recorded, ToWorker, WorkerOrder } from './messages.ts';

/** How often the run looks whether a thread's event loop turns, in milliseconds. */
const LOOK_EVERY_MS = 250;
/**
 * When everything is to stop now: how long a thread may give no sign, and how long it may take all in all, in milliseconds. A busy
 * machine leaves a thread without its turn for seconds; a loop that does not end is given up all the same.
 */
const OBEY = { stillMs: 10_000, withinMs: 30_000 } as const;

/** What the run hears of a thread. */
export interface WorkerEvents {
  readonly recorded: (recorded: Recorded) => void;
  readonly samples: (chunk: SampleChunk) => void;
  readonly ended: (health: readonly ThreadHealth[]) => void;
  /** The thread is gone before its time; why, in one sentence. */
  readonly lost: (fault: string) => void;
}

/** The run's end of the line to one worker thread. */
export class WorkerLink {
  /** The first VUs are made. Rejects when they cannot be. */
  readonly ready: Promise<void>;
  readonly begun: Promise<void>;
  /** All scenarios have ended there, or the thread is gone. Never rejects. */
  readonly ended: Promise<void>;
  readonly #worker: Worker;
  readonly #test: TestRun;
  readonly #order: WorkerOrder;
  readonly #limits: { readonly stuckAfterMs: number; readonly loseAfterMs: number };
  readonly #events: WorkerEvents;
  #looking: NodeJS.Timeout | undefined;
  #obeying: NodeJS.Timeout | undefined;
  #beat = -1;
  #stillMs = 0;
  #spoken = false;
  #over = false;
  #resolveReady: () => void = () => undefined;
  #rejectReady: (reason: Error) => void = () => undefined;
  #resolveBegun: () => void = () => undefined;
  #resolveEnded: () => void = () => undefined;

  constructor(
    test: TestRun,
    order: WorkerOrder,
    limits: { readonly stuckAfterMs: number; readonly loseAfterMs: number },
    events: WorkerEvents,
  ) {
    this.#test = test;
    this.#order = order;
    this.#limits = limits;
    this.#events = events;
    this.ready = new Promise((resolve, reject) => {
      this.#resolveReady = resolve;
      this.#rejectReady = reject;
    });
    this.begun = new Promise((resolve) => (this.#resolveBegun = resolve));
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.#worker = new Worker(threadFile(), { workerData: order });
    this.#worker.on('message', (message: FromWorker) => this.#hear(message));
    this.#worker.on('error', (error) => this.#lose(describe(error)));
    this.#worker.on('exit', () => this.#lose('it exited'));
  }

  send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** Cuts off what runs there; a thread that does not obey soon is ended. */
  interrupt(): void {
    if (this.#over) return;
    this.send({ is: 'interrupt' });
    this.#obeying ??= setTimeout(() => this.#lose(`it did not stop within ${OBEY.withinMs / 1_000} s`), OBEY.withinMs);
  }

  async dispose(): Promise<void> {
    this.#finish();
    await this.#worker.terminate();
  }

  #hear(message: FromWorker): void {
    const test = this.#test;
    switch (message.is) {
      case 'ready':
        // Making thousands of VUs takes its time, in which no event loop turns.
        this.#looking = setInterval(() => this.#look(), LOOK_EVERY_MS);
        this.#resolveReady();
        return;
      case 'unusable':
        this.#finish();
        this.#rejectReady(new ScriptFailure(message.thrown));
        return;
      case 'begun':
        this.#resolveBegun();
        return;
      case 'console':
        test.log.console(message.level, message.line);
        return;
      case 'warning':
        // The same warning comes from several threads.
        if (message.kind === undefined) test.warnOnce(message.line);
        else test.warnOften(message.kind, message.line);
        return;
      case 'recorded':
        this.#events.recorded(message);
        return;
      case 'samples':
        this.#events.samples(message.chunk);
        return;
      case 'abort':
        test.abort(message.reason);
        return;
      case 'fail':
        test.fail(message.reason);
        return;
      case 'init_failed':
        test.endByInit(message.thrown);
        return;
      case 'unsupported':
        test.endByCall(message.line);
        return;
      case 'thrown':
        test.noteThrown(message.line);
        return;
      case 'ended':
        for (const [kind, count] of message.suppressed) test.addSuppressedWarnings(kind, count);
        this.#events.ended(message.health);
        this.#finish();
    }
  }

  /** A beat that stands still means code that does not return. It is counted in looks: where this thread has no turn either, none is. */
  #look(): void {
    const beat = this.#test.counts.of(this.#order.row, 'beat');
    if (beat !== this.#beat) {
      this.#beat = beat;
      this.#stillMs = 0;
      return;
    }
    this.#stillMs += LOOK_EVERY_MS;
    const { stuckAfterMs, loseAfterMs } = this.#limits;
    const patienceMs = this.#obeying === undefined ? loseAfterMs : Math.min(OBEY.stillMs, loseAfterMs);
    if (this.#stillMs >= patienceMs) this.#lose(`it did not respond for ${this.#stillMs / 1_000} s in ${this.#place()}`);
    else if (this.#stillMs >= stuckAfterMs && !this.#spoken) {
      this.#spoken = true;
      this.#test.log.warning(
        `${this.#name()} has not responded for ${stuckAfterMs / 1_000} s in ${this.#place()}: an endless loop, or an overloaded machine?  ` +
          `It is abandoned after ${loseAfterMs / 1_000} s; Ctrl-C twice stops the run`,
      );
    }
  }

  /** What the thread ran last. */
  #place(): string {
    const { counts, settings } = this.#test;
    const scenario = settings?.scenarios[counts.of(this.#order.row, 'currentScenario') - 1];
    const vu = counts.of(this.#order.row, 'currentVu');
    return scenario === undefined ? 'init code' : `scenario ${scenario.name} (VU ${vu})`;
  }

  #name(): string {
    return `worker ${this.#order.row + 1} of ${this.#order.rows}`;
  }

  #lose(why: string): void {
    if (this.#over) return;
    const started = this.#looking !== undefined;
    this.#quiet();
    if (!started) {
      // No load was made, and the script is not at fault: the machine has no room for so many threads.
      this.#rejectReady(new ConfigurationError(`${this.#name()} could not start: ${why}; use fewer --workers`));
      return;
    }
    this.#events.lost(
      `${this.#name()} was lost: ${why}; its VUs are gone since ${Math.round(this.#test.elapsedMs() / 1_000)} s, ` +
        `as are its samples of the last second`,
    );
    // A thread that lives may still count: its row is closed when it cannot write any more.
    void this.#worker.terminate().then(() => {
      this.#test.counts.bury(this.#order.row);
      this.#resolveAll();
    });
  }

  #finish(): void {
    this.#quiet();
    this.#resolveAll();
  }

  /** What is heard or not heard from now on is not a fault. */
  #quiet(): void {
    this.#over = true;
    clearInterval(this.#looking);
    clearTimeout(this.#obeying);
  }

  #resolveAll(): void {
    this.#resolveBegun();
    this.#resolveEnded();
  }
}

/** Worker threads run compiled code only: Node 20 reads no TypeScript there. Throws a ConfigurationError otherwise. */
function threadFile(): URL {
  if (import.meta.url.endsWith('.ts')) {
    throw new ConfigurationError(
      'worker threads need the compiled engine (npm run build); set workers: 0 to run from source',
    );
  }
  return new URL('./worker-thread.js', import.meta.url);
}

function describe(error: unknown): string {
  const lacking = memoryFault(error);
  if (lacking !== undefined) return lacking;
  const { message } = error as { message?: string };
  return `it failed: ${String(message ?? error).split('\n', 1)[0]!}`;
}
