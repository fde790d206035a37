/**
 * An abort signal with a time-out, and others that end it too. It is made of a timer, not of `AbortSignal.timeout` and
 * `AbortSignal.any`: what these give can be collected before it fires, and then whoever waits for it waits forever (Node 20,
 * nodejs/node#57736). A timer is held by Node until it fires.
 */
export class Deadline {
  readonly signal: AbortSignal;
  /** True when the time is up; false when it ended otherwise, or has not ended. */
  passed = false;
  readonly #timer: NodeJS.Timeout;
  readonly #also: readonly AbortSignal[];
  readonly #abort: () => void;

  /** Ends after so many milliseconds, or with any of the signals given; whoever makes it must `clear` it. */
  constructor(ms: number, ...also: readonly AbortSignal[]) {
    const controller = new AbortController();
    this.signal = controller.signal;
    this.#also = also;
    this.#abort = () => controller.abort();
    this.#timer = setTimeout(() => {
      this.passed = true;
      controller.abort();
    }, ms);
    for (const signal of also) {
      if (signal.aborted) controller.abort();
      signal.addEventListener('abort', this.#abort);
    }
  }

  /** What waited for it is done. */
  clear(): void {
    clearTimeout(this.#timer);
    for (const signal of this.#also) signal.removeEventListener('abort', this.#abort);
  }
}
