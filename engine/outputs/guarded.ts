/**
 * Isolates a run from an output's failures: the first exception is reported once, and from then on the output is not
 * called any more.
 */
export class Guard {
  #broken = false;
  readonly #onBroken: (reason: string) => void;

  /** `onBroken` is called once, with a short reason. */
  constructor(onBroken: (reason: string) => void) {
    this.#onBroken = onBroken;
  }

  /** True after the first exception. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Runs the action unless an earlier one failed. */
  do(action: () => void): void {
    if (this.#broken) return;
    try {
      action();
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#onBroken(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
}
