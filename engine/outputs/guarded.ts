/**
 * An output that must not harm its run: the first exception in it is said, once, and from then on nothing of it is called. What
 * a script or an iteration hears of it is nothing.
 */
export class Guard {
  #broken = false;
  readonly #onBroken: (reason: string) => void;

  /** `onBroken` is told once, in a few words. */
  constructor(onBroken: (reason: string) => void) {
    this.#onBroken = onBroken;
  }

  /** True from the first exception on. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Does it unless something failed before. */
  do(action: () => void): void {
    if (this.#broken) return;
    try {
      action();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Something failed. */
  fail(error: unknown): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#onBroken(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
}
