import type { SeriesTotals } from '../contract/series-totals.ts';

/** Counts of a thread. `bodyBytes`: response bodies in flight; `current…`: whose code ran last. */
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

type CountField = (typeof FIELDS)[number];

const PLACE = Object.fromEntries(FIELDS.map((field, at) => [field, at])) as Readonly<Record<CountField, number>>;

/**
 * Counts of all threads, one row each, in shared memory, so that they are visible at once and survive a lost thread.
 * Each row has a single writer.
 */
export class LiveCounts {
  /** To be passed to other threads. */
  readonly memory: SharedArrayBuffer;
  readonly #cells: Float64Array;
  readonly #first: number;
  readonly #rows: number;

  /** `row` is the one this thread writes; by default the memory has one row. */
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

  /** A thread's count. */
  of(row: number, field: CountField): number {
    return this.#cells[row * FIELDS.length + PLACE[field]]!;
  }

  /** Sum over all threads. */
  total(field: CountField): number {
    let sum = 0;
    for (let row = 0; row < this.#rows; row++) sum += this.of(row, field);
    return sum;
  }

  /** Closes the row of a lost thread: iterations it had not finished count as interrupted. */
  retire(row: number): void {
    const ended = this.of(row, 'completed') + this.of(row, 'interrupted');
    const at = row * FIELDS.length;
    this.#cells[at + PLACE.interrupted]! += this.of(row, 'started') - ended;
    this.#cells[at + PLACE.active] = 0;
    this.#cells[at + PLACE.connections] = 0;
    this.#cells[at + PLACE.bodyBytes] = 0;
  }
}

/** Counts of iterations: started = completed + interrupted, once all have ended. */
export interface IterationCounts {
  readonly started: number;
  readonly completed: number;
  readonly interrupted: number;
  readonly dropped: number;
  /** Of `completed`, those that ended with an exception. */
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

/** Progress of a run. */
export interface Progress {
  readonly elapsedMs: number;
  /** Planned length without graceful stops; undefined if the plan counts iterations. */
  readonly totalMs: number | undefined;
  readonly vus: number;
  readonly vusMax: number;
  readonly iterations: IterationCounts;
  /** @internal Totals so far. */
  readonly metrics: SeriesTotals;
}
