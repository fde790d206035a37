/**
 * An abort signal with a timeout, also aborted by other signals. It uses a timer, not `AbortSignal.timeout` and
 * `AbortSignal.any`: their signals may be garbage-collected before they fire, and then the waiter waits forever (Node
 * 20, nodejs/node#57736).
 */
export class Deadline {
  readonly signal: AbortSignal;
  /** True if the timeout has passed; false if it was aborted otherwise, or not yet. */
  passed = false;
  readonly #timer: NodeJS.Timeout;
  readonly #also: readonly AbortSignal[];
  readonly #abort: () => void;

  /** Aborts after `ms`, or with any of the signals. The owner must call `clear`. */
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

  /** To be called when the guarded operation is done. */
  clear(): void {
    clearTimeout(this.#timer);
    for (const signal of this.#also) signal.removeEventListener('abort', this.#abort);
  }
}
