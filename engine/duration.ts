import { ConfigurationError } from '../contract/configuration-error.ts';

/** Milliseconds per unit of a duration string (k6-contract.md 2.1: Go's units). `µs` is Go's other spelling of `us`. */
const UNIT_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};

const PART = /(\d+(?:\.\d+)?)(ms|us|µs|ns|h|m|s)/g;
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|us|µs|ns|h|m|s))+$/;

/**
 * Reads a duration as milliseconds: `'1h30m'`, `'500ms'`, or a bare number of milliseconds (k6-contract.md 2.1).
 * Throws a ConfigurationError that names the place.
 */
export function parseDuration(value: unknown, place: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  if (typeof value === 'string') {
    const text = value.trim();
    if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
    if (WHOLE.test(text)) {
      let ms = 0;
      for (const [, amount, unit] of text.matchAll(PART)) ms += Number(amount) * UNIT_MS[unit!]!;
      return ms;
    }
  }
  throw new ConfigurationError(
    `${place} is ${JSON.stringify(value)}; expected a duration such as '30s', '1m30s', '500ms'`,
  );
}

/** A duration as k6 prints it: `1m30s`, `45.2s`, `12.3ms`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  if (Math.abs(ms) < 1) return `${trim(ms * 1_000)}µs`;
  if (Math.abs(ms) < 1_000) return `${trim(ms)}ms`;
  if (Math.abs(ms) < 60_000) return `${trim(ms / 1_000)}s`;
  const seconds = Math.round(ms / 1_000);
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  return `${hours > 0 ? `${hours}h` : ''}${minutes}m${seconds % 60}s`;
}

function trim(value: number): string {
  return String(Number(value.toFixed(2)));
}
