import type { SeriesTotals } from '../contract/series-totals.ts';

/** What a thread counts: `thrown` are those of `completed` that ended with an exception; `connections` are open ones, `bodyBytes` the memory of response bodies in flight, `current…` whose code it ran last, `heartbeat` shows that its event loop turns. */
const FIELDS = [
  'started',
  'completed',
  'thrown',
  'interrupted',
  'dropped',
  'active',
  'connections',
  'bodyBytes',
  'initialised',
  'heartbeat',
  'currentScenario',
  'currentVu',
] as const;

/** A number that a thread counts. */
type CountField = (typeof FIELDS)[number];

const PLACE = Object.fromEntries(FIELDS.map((field, at) => [field, at])) as Readonly<Record<CountField, number>>;

/**
 * Numbers of all threads of a run, a row each, in memory that all of them see: what a thread has started and ended is
 * known to the others at once, and when it is lost. Each row has one writer.
 */
export class LiveCounts {
  /** To be handed to other threads. */
  readonly memory: SharedArrayBuffer;
  readonly #cells: Float64Array;
  readonly #first: number;
  readonly #rows: number;

  /** `row` is the one that this thread writes; by default a memory of one row. */
  constructor(row = 0, rows = 1, memory = new SharedArrayBuffer(rows * FIELDS.length * 8)) {
    this.memory = memory;
    this.#cells = new Float64Array(memory);
    this.#first = row * FIELDS.length;
    this.#rows = rows;
  }

  /** Adds to this thread's row. */
  add(field: CountField, n: number): void {
    this.#cells[this.#first + PLACE[field]]! += n;
  }

  /** Writes into this thread's row. */
  set(field: CountField, n: number): void {
    this.#cells[this.#first + PLACE[field]] = n;
  }

  /** What a thread has counted. */
  of(row: number, field: CountField): number {
    return this.#cells[row * FIELDS.length + PLACE[field]]!;
  }

  /** Sum over all threads. */
  total(field: CountField): number {
    let sum = 0;
    for (let row = 0; row < this.#rows; row++) sum += this.of(row, field);
    return sum;
  }

  /** Closes the row of a lost thread: iterations that it had started and not finished count as interrupted. */
  retire(row: number): void {
    const ended = this.of(row, 'completed') + this.of(row, 'interrupted');
    const at = row * FIELDS.length;
    this.#cells[at + PLACE.interrupted]! += this.of(row, 'started') - ended;
    this.#cells[at + PLACE.active] = 0;
    this.#cells[at + PLACE.connections] = 0;
    this.#cells[at + PLACE.bodyBytes] = 0;
  }
}

/** Iterations of a run: started = completed + interrupted, once all have ended. */
export interface IterationCounts {
  readonly started: number;
  readonly completed: number;
  readonly interrupted: number;
  readonly dropped: number;
  /** Of `completed`, those that ended by an exception. */
  readonly thrown: number;
}

/** The iterations of all threads. */
export function iterationCounts(counts: LiveCounts): IterationCounts {
  return {
    started: counts.total('started'),
    completed: counts.total('completed'),
    interrupted: counts.total('interrupted'),
    dropped: counts.total('dropped'),
    thrown: counts.total('thrown'),
  };
}

/** How a run is doing. */
export interface Progress {
  readonly elapsedMs: number;
  /** Planned length without graceful stops; undefined when the plan counts iterations. */
  readonly totalMs: number | undefined;
  readonly vus: number;
  readonly vusMax: number;
  readonly iterations: IterationCounts;
  /** @internal What was recorded so far. */
  readonly metrics: SeriesTotals;
}
