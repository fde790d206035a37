import { ConfigurationError } from './configuration-error.ts';

/** Milliseconds per unit of a duration (k6-contract.md 2.1: Go's units). `µs` is Go's alternative spelling of `us`. */
const UNIT_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};

const PART = /(\d+(?:\.\d+)?)(ms|us|µs|ns|h|m|s)/g;
const WHOLE = /^(\d+(\.\d+)?(ms|us|µs|ns|h|m|s))+$/;

/** Milliseconds of a duration in Go's syntax (`1h30m`, `90s`, `500us`, and `0`), or `undefined` if it is invalid. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (!WHOLE.test(text)) return undefined;
  let ms = 0;
  text.replace(PART, (_part, amount: string, unit: string) => {
    ms += Number(amount) * UNIT_MS[unit]!;
    return '';
  });
  return ms;
}

/** Milliseconds of a flag's duration, which needs a unit. Throws a ConfigurationError that names the place. */
export function durationOf(text: string, place: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw noDuration(text, place);
  return ms;
}

/**
 * Milliseconds of a duration in k6 options and parameters, where a bare number means milliseconds (k6-contract.md 2.1).
 * Throws a ConfigurationError that names the place.
 */
export function readDuration(value: unknown, place: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  const text = typeof value === 'string' ? value.trim() : '';
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) : parseDuration(text);
  if (ms === undefined) throw noDuration(value, place);
  return ms;
}

function noDuration(value: unknown, place: string): ConfigurationError {
  return new ConfigurationError(
    `${place} is ${JSON.stringify(value)}; expected a duration such as '30s', '1m30s', '500ms'`,
  );
}

/** A duration in whole milliseconds that both hosts can parse. */
export function formatDuration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${Math.round(ms)}ms`;
}

/** A duration as k6 prints it: `1m30s`, `45.2s`, `12.3ms`. */
export function printDuration(ms: number): string {
  const trim = (value: number): string => String(Number(value.toFixed(2)));
  if (ms === 0) return '0s';
  if (Math.abs(ms) < 1) return `${trim(ms * 1000)}µs`;
  if (Math.abs(ms) < 1000) return `${trim(ms)}ms`;
  if (Math.abs(ms) < 60_000) return `${trim(ms / 1000)}s`;
  const seconds = Math.round(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return `${hours > 0 ? `${hours}h` : ''}${minutes}m${seconds % 60}s`;
}
