/** Stops a run: the first Ctrl-C is `graceful`, the second `hard`. */
export class StopSignal {
  #level: 'none' | 'graceful' | 'hard' = 'none';
  #interrupted = false;
  #listener: (level: 'graceful' | 'hard') => void = () => undefined;

  /** No new iteration starts; running ones may finish within their scenario's `gracefulStop`. */
  graceful(): void {
    this.#interrupted = true;
    this.enough();
  }

  /** The same, because the run has shown what it was played for: it ends as planned. */
  enough(): void {
    if (this.#level !== 'none') return;
    this.#level = 'graceful';
    this.#listener('graceful');
  }

  /** Interrupts running iterations; teardown and summary still run. */
  hard(): void {
    this.#interrupted = true;
    if (this.#level === 'hard') return;
    this.#level = 'hard';
    this.#listener('hard');
  }

  get level(): 'none' | 'graceful' | 'hard' {
    return this.#level;
  }

  /** The run was not to end yet. */
  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** @internal Calls the listener on each stop, also for one that has already happened. */
  listen(listener: (level: 'graceful' | 'hard') => void): void {
    this.#listener = listener;
    if (this.#level !== 'none') listener(this.#level);
  }
}
