import { Worker } from 'node:worker_threads';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { ThreadHealth } from '../generator-health/monitor.ts';
import { memoryFault } from '../memory-fault.ts';
import type { SampleChunk } from '../outputs/sample-forwarding.ts';
import type { TestRun } from '../test-run.ts';
import { ScriptFailure } from '../thrown.ts';
import type { FromWorker, RecordedMessage, ToWorker, WorkerOrder } from './messages.ts';

/** How often the run checks the heartbeat of a thread, in milliseconds. */
const CHECK_EVERY_MS = 250;
/**
 * Limits of a hard stop, in milliseconds: time without a heartbeat, and total time. A busy machine may starve a thread
 * for seconds; an endless loop is abandoned all the same.
 */
const INTERRUPT_LIMITS = { stillMs: 10_000, withinMs: 30_000 } as const;

/** Limits of a worker thread. */
interface WorkerLimits {
  readonly stuckAfterMs: number;
  readonly loseAfterMs: number;
  /** Of its young generation, in MiB. */
  readonly youngMiB: number;
}

/** Events of a worker thread. */
interface WorkerEvents {
  readonly recorded: (recorded: RecordedMessage) => void;
  readonly samples: (chunk: SampleChunk) => void;
  readonly ended: (health: readonly ThreadHealth[]) => void;
  /** The thread ended unexpectedly; why, in one sentence. */
  readonly lost: (fault: string) => void;
}

/** The main thread's side of one worker thread. */
export class WorkerLink {
  /** The first VUs exist. Rejects if they cannot be created. */
  readonly ready: Promise<void>;
  /** All its scenarios have ended, or the thread is lost. Never rejects. */
  readonly ended: Promise<void>;
  readonly #worker: Worker;
  readonly #test: TestRun;
  readonly #order: WorkerOrder;
  readonly #limits: WorkerLimits;
  readonly #events: WorkerEvents;
  #heartbeatTimer: NodeJS.Timeout | undefined;
  #interruptTimer: NodeJS.Timeout | undefined;
  #heartbeat = -1;
  #stillMs = 0;
  #warned = false;
  #over = false;
  #resolveReady: () => void = () => undefined;
  #rejectReady: (reason: Error) => void = () => undefined;
  #resolveEnded: () => void = () => undefined;

  constructor(test: TestRun, order: WorkerOrder, limits: WorkerLimits, events: WorkerEvents) {
    this.#test = test;
    this.#order = order;
    this.#limits = limits;
    this.#events = events;
    this.ready = new Promise((resolve, reject) => {
      this.#resolveReady = resolve;
      this.#rejectReady = reject;
    });
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    const { youngMiB } = limits;
    this.#worker = new Worker(threadFile(), {
      workerData: order,
      resourceLimits: { maxYoungGenerationSizeMb: youngMiB },
    });
    this.#worker.on('message', (message: FromWorker) => this.#onMessage(message));
    this.#worker.on('error', (error) => this.#lose(describe(error)));
    this.#worker.on('exit', () => this.#lose('it exited'));
  }

  send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** Interrupts running iterations; a thread that does not stop in time is terminated. */
  interrupt(): void {
    if (this.#over) return;
    this.send({ is: 'interrupt' });
    this.#interruptTimer ??= setTimeout(
      () => this.#lose(`it did not stop within ${INTERRUPT_LIMITS.withinMs / 1_000} s`),
      INTERRUPT_LIMITS.withinMs,
    );
  }

  async dispose(): Promise<void> {
    this.#finish();
    await this.#worker.terminate();
  }

  #onMessage(message: FromWorker): void {
    const test = this.#test;
    switch (message.is) {
      case 'ready':
        // Not earlier: creating thousands of VUs blocks the event loop for a while.
        this.#heartbeatTimer = setInterval(() => this.#checkHeartbeat(), CHECK_EVERY_MS);
        this.#resolveReady();
        return;
      case 'unusable':
        this.#finish();
        this.#rejectReady(new ScriptFailure(message.thrown));
        return;
      case 'console':
        test.log.console(message.level, message.line);
        return;
      case 'warning':
        // Several threads may send the same warning.
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

  /** No heartbeat means code that does not return. Counted in checks, which stop if this thread itself is starved. */
  #checkHeartbeat(): void {
    const heartbeat = this.#test.counts.of(this.#order.row, 'heartbeat');
    if (heartbeat !== this.#heartbeat) {
      this.#heartbeat = heartbeat;
      this.#stillMs = 0;
      return;
    }
    this.#stillMs += CHECK_EVERY_MS;
    const { stuckAfterMs, loseAfterMs } = this.#limits;
    const patienceMs =
      this.#interruptTimer === undefined ? loseAfterMs : Math.min(INTERRUPT_LIMITS.stillMs, loseAfterMs);
    if (this.#stillMs >= patienceMs)
      this.#lose(`it did not respond for ${this.#stillMs / 1_000} s in ${this.#place()}`);
    else if (this.#stillMs >= stuckAfterMs && !this.#warned) {
      this.#warned = true;
      this.#test.log.warning(
        `${this.#name()} has not responded for ${stuckAfterMs / 1_000} s in ${this.#place()}: an endless loop, or an overloaded machine? ` +
          `It is abandoned after ${loseAfterMs / 1_000} s; Ctrl-C twice stops the run`,
      );
    }
  }

  /** What the thread was running. */
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
    const started = this.#heartbeatTimer !== undefined;
    this.#detach();
    if (!started) {
      // No load was made, and the script is not at fault: the machine cannot run so many threads.
      this.#rejectReady(new ConfigurationError(`${this.#name()} could not start: ${why}; use fewer --workers`));
      return;
    }
    this.#events.lost(
      `${this.#name()} was lost: ${why}; its VUs are gone since ${Math.round(this.#test.elapsedMs() / 1_000)} s, ` +
        `as are its samples of the last second`,
    );
    // A thread that is alive may still count: its row is closed once it cannot write any more.
    void this.#worker.terminate().then(() => {
      this.#test.counts.retire(this.#order.row);
      this.#resolveAll();
    });
  }

  #finish(): void {
    this.#detach();
    this.#resolveAll();
  }

  /** From now on, neither messages nor their absence are a fault. */
  #detach(): void {
    this.#over = true;
    clearInterval(this.#heartbeatTimer);
    clearTimeout(this.#interruptTimer);
  }

  #resolveAll(): void {
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
