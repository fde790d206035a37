import type { HttpCounts } from './ports.ts';

/** Default limit of the bytes that all users of a process may hold of answers being received. */
export const MAX_BODY_MEMORY = 256 * 1024 * 1024;
/** Only bodies of at least this size are candidates to be ended when memory is short. */
const LARGE = 64 * 1024;

/** An answer being received. */
export interface BodyUnderWay {
  /** Bytes of its body in memory. */
  readonly held: number;
  /** Ends it for lack of memory. */
  readonly tooMuch: () => void;
}

/**
 * Bytes of the answers that this thread is receiving, and the limit for all threads together. Without it, a target that
 * streams endlessly to many users would fill the memory.
 */
export class BodiesUnderWay {
  readonly #counts: HttpCounts;
  readonly #most: number;
  /** Bytes that this thread may always hold, whatever the others hold. */
  readonly #share: number;
  readonly #large = new Set<BodyUnderWay>();
  #held = 0;

  constructor(counts: HttpCounts, most: number, threads: number) {
    this.#counts = counts;
    this.#most = most;
    this.#share = most / threads;
  }

  /**
   * Registers received bytes, which `body.held` already includes. If all threads hold too much, each thread above its
   * share ends its largest body.
   */
  grew(body: BodyUnderWay, bytes: number): void {
    this.#held += bytes;
    this.#counts.set('bodyBytes', this.#held);
    if (body.held >= LARGE) this.#large.add(body);
    if (this.#held > this.#share && this.#counts.total('bodyBytes') > this.#most) this.#largest(body).tooMuch();
  }

  /** Unregisters a body. */
  ended(body: BodyUnderWay): void {
    if (body.held === 0) return;
    this.#held -= body.held;
    this.#counts.set('bodyBytes', this.#held);
    this.#large.delete(body);
  }

  #largest(latest: BodyUnderWay): BodyUnderWay {
    let largest = latest;
    for (const body of this.#large) if (body.held > largest.held) largest = body;
    return largest;
  }
}
