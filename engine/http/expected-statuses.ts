/** Statuses that count as success: the result of `http.expectedStatuses()`. */
export class ExpectedStatuses {
  readonly #ranges: readonly (readonly [min: number, max: number])[];

  constructor(ranges: readonly (readonly [number, number])[]) {
    this.#ranges = ranges;
  }

  has(status: number): boolean {
    return this.#ranges.some(([min, max]) => status >= min && status <= max);
  }
}

/** k6's default: 200 to 399. */
export const DEFAULT_EXPECTED = new ExpectedStatuses([[200, 399]]);

/** Parses the arguments of `http.expectedStatuses`. Throws a TypeError of the given realm. */
export function readExpectedStatuses(args: readonly unknown[], WrongType: TypeErrorConstructor): ExpectedStatuses {
  return new ExpectedStatuses(
    args.map((arg): readonly [number, number] => {
      if (typeof arg === 'number') return [arg, arg];
      const { min, max } = (arg ?? {}) as { min?: unknown; max?: unknown };
      if (typeof min === 'number' && typeof max === 'number') return [min, max];
      throw new WrongType('expectedStatuses() takes numbers and objects {min, max}');
    }),
  );
}
