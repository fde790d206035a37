import type { HttpCounts } from './ports.ts';

/** What all users of a process may hold of answers under way, in bytes, unless the user says otherwise. */
export const MAX_BODY_MEMORY = 256 * 1024 * 1024;
/** Bodies below this size are counted, but only larger ones are looked at when room is short. */
const LARGE = 64 * 1024;

/** An answer that is being received. */
export interface BodyUnderWay {
  /** Bytes of its body that are held. */
  readonly held: number;
  /** Ends it, because there is no room for it. */
  readonly tooMuch: () => void;
}

/**
 * The bodies of answers that this thread is receiving, and the bound on those of all threads together. A target that streams
 * without end to many users would otherwise fill the memory with as many bodies as there are users.
 */
export class BodiesUnderWay {
  readonly #counts: HttpCounts;
  readonly #most: number;
  /** What this thread has for itself however much others hold. */
  readonly #share: number;
  readonly #large = new Set<BodyUnderWay>();
  #held = 0;

  constructor(counts: HttpCounts, most: number, threads: number) {
    this.#counts = counts;
    this.#most = most;
    this.#share = most / threads;
  }

  /**
   * So many bytes of a body have come; it holds them already. Where all threads hold too much, those that hold more than their
   * part end the largest body they have under way.
   */
  grew(body: BodyUnderWay, bytes: number): void {
    this.#held += bytes;
    this.#counts.set('bodyBytes', this.#held);
    if (body.held >= LARGE) this.#large.add(body);
    if (this.#held > this.#share && this.#counts.total('bodyBytes') > this.#most) this.#largest(body).tooMuch();
  }

  /** A body is not under way any more. */
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
