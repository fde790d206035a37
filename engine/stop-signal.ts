/** Stops a run: the first Ctrl-C is `graceful`, the second `hard`. */
export class StopSignal {
  #level: 'none' | 'graceful' | 'hard' = 'none';
  #listener: (level: 'graceful' | 'hard') => void = () => undefined;

  /** No new iteration starts; running ones may finish within their scenario's `gracefulStop`. */
  graceful(): void {
    if (this.#level !== 'none') return;
    this.#level = 'graceful';
    this.#listener('graceful');
  }

  /** Interrupts running iterations; teardown and summary still run. */
  hard(): void {
    if (this.#level === 'hard') return;
    this.#level = 'hard';
    this.#listener('hard');
  }

  get level(): 'none' | 'graceful' | 'hard' {
    return this.#level;
  }

  /** @internal Calls the listener on each stop, also for one that has already happened. */
  listen(listener: (level: 'graceful' | 'hard') => void): void {
    this.#listener = listener;
    if (this.#level !== 'none') listener(this.#level);
  }
}
