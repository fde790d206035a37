/** How a user stops a run: Ctrl-C once is `graceful`, twice is `hard`. */
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

  /** Running iterations are interrupted; teardown and summary still come. */
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

  /** @internal Hears of the stop, also of one that came before. */
  listen(listener: (level: 'graceful' | 'hard') => void): void {
    this.#listener = listener;
    if (this.#level !== 'none') listener(this.#level);
  }
}
