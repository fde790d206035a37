/** Level of a console line. */
export type ConsoleLevel = 'debug' | 'info' | 'warn' | 'error';

/** Receives a run's output lines. */
export interface RunLog {
  readonly console: (level: ConsoleLevel, line: string) => void;
  /** With a `kind`, only the first few lines of that kind are printed. */
  readonly warning: (line: string, kind?: string) => void;
}

/** Console methods and their levels (k6-contract.md 6.6). */
const METHODS: Readonly<Record<string, ConsoleLevel>> = {
  log: 'info',
  info: 'info',
  warn: 'warn',
  error: 'error',
  debug: 'debug',
};

/** The console of all VUs: arguments are joined with spaces, objects shown as JSON. */
export function scriptConsole(log: RunLog): object {
  const methods = Object.entries(METHODS).map(([name, level]) => [
    name,
    (...args: readonly unknown[]) => log.console(level, args.map(show).join(' ')),
  ]);
  return Object.freeze(Object.fromEntries(methods) as object);
}

function show(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'function') return '[object Function]';
  if (typeof value !== 'object' || value === null) return String(value);
  const { name, message, stack } = value as { name?: unknown; message?: unknown; stack?: unknown };
  if (typeof stack === 'string' && typeof message === 'string') return `${String(name)}: ${message}`;
  const ancestors: unknown[] = [];
  return JSON.stringify(value, function (this: unknown, _key, inner: unknown) {
    if (typeof inner !== 'object' || inner === null) return inner;
    while (ancestors.length > 0 && ancestors.at(-1) !== this) ancestors.pop();
    if (ancestors.includes(inner)) return '[Circular]';
    ancestors.push(inner);
    return inner;
  });
}
