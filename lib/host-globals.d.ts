/** Globals of both hosts that @types/k6 does not declare (k6-contract.md 6.6). */
declare const console: {
  log(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
};
