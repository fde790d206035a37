import { ConfigurationError } from '../contract/configuration-error.ts';
import { readDuration } from '../contract/duration.ts';

/** Reads an option; `place` names it in errors. Throws a ConfigurationError. */
export type ReadOption<T> = (value: unknown, place: string) => T;

/** An integer of at least `min`. */
export function count(min: number): ReadOption<number> {
  return (value, place) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= min) return value;
    throw invalidOption(place, value, `a whole number ≥ ${min}`);
  };
}

/** A duration in milliseconds. */
export const durationField: ReadOption<number> = readDuration;

/** A duration greater than 0. */
export const positiveDuration: ReadOption<number> = (value, place) => {
  const ms = readDuration(value, place);
  if (ms > 0) return ms;
  throw invalidOption(place, value, 'a duration longer than 0');
};

export const textField: ReadOption<string> = (value, place) => {
  if (typeof value === 'string') return value;
  // Not quoted: the value may be a key's password.
  throw new ConfigurationError(`${place} is ${value === undefined ? 'missing' : 'not a string'}; expected a string`);
};

export const flagField: ReadOption<boolean> = (value, place) => {
  if (typeof value === 'boolean') return value;
  throw invalidOption(place, value, 'true or false');
};

/** A map of strings; numbers and booleans are converted. */
export const stringMap: ReadOption<Readonly<Record<string, string>>> = (value, place) => {
  const map: Record<string, string> = {};
  for (const [name, item] of Object.entries(objectField(value, place))) {
    if (typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'boolean') {
      throw invalidOption(`${place}.${name}`, item, 'a string');
    }
    map[name] = String(item);
  }
  return map;
};

export const objectField: ReadOption<Readonly<Record<string, unknown>>> = (value, place) => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ConfigurationError(
    `${place} is ${value === undefined || typeof value === 'object' ? shown(value) : `a ${typeof value}`}; expected an object`,
  );
};

/** A statistic of a trend, by k6's name. */
export function trendStat(value: unknown, place: string): string {
  const stat = textField(value, place);
  const percentile = /^p\((\d+(?:\.\d+)?)\)$/.exec(stat)?.[1];
  if (['avg', 'min', 'med', 'max', 'count'].includes(stat) || (percentile !== undefined && Number(percentile) <= 100))
    return stat;
  throw new ConfigurationError(
    `${place} is ${JSON.stringify(stat)}; expected avg, min, med, max, count or p(N), 0 ≤ N ≤ 100`,
  );
}

/** A list of values. */
export function listField<T>(read: ReadOption<T>): ReadOption<readonly T[]> {
  return (value, place) => {
    if (!Array.isArray(value)) throw invalidOption(place, value, 'a list');
    return value.map((item: unknown, at) => read(item, `${place}[${at}]`));
  };
}

/** One of several words. */
export function oneOfField<const T extends string>(...words: readonly T[]): ReadOption<T> {
  return (value, place) => {
    if (words.includes(value as T)) return value as T;
    throw invalidOption(place, value, `one of ${words.join(', ')}`);
  };
}

/** A stage of a ramp. */
export interface Stage {
  readonly durationMs: number;
  readonly target: number;
}

export const stages: ReadOption<readonly Stage[]> = (value, place) => {
  const read = listField((item, at): Stage => {
    const stage = fields(item, at, ['duration', 'target']);
    return {
      durationMs: durationField(stage['duration'], `${at}.duration`),
      target: count(0)(stage['target'], `${at}.target`),
    };
  })(value, place);
  if (read.length === 0) throw invalidOption(place, value, 'at least one stage');
  return read;
};

/** Total length of stages, in milliseconds. */
export function lengthOfStages(all: readonly Stage[]): number {
  return all.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

/** An object without unknown keys. */
export function fields(value: unknown, place: string, known: readonly string[]): Readonly<Record<string, unknown>> {
  const read = objectField(value, place);
  for (const name of Object.keys(read)) {
    if (!known.includes(name)) {
      throw new ConfigurationError(`${place}.${name} is not known; known: ${known.join(', ')}`);
    }
  }
  return read;
}

export function invalidOption(place: string, value: unknown, expected: string): ConfigurationError {
  return new ConfigurationError(`${place} is ${shown(value)}; expected ${expected}`);
}

/** A value for an error message. Lists and objects are not quoted: they may hold secrets, or be nested too deeply. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return value.length === 0 ? '[]' : 'a list';
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0 ? '{}' : 'an object';
  return ((JSON.stringify(value) as string | undefined) ?? typeof value).slice(0, 60);
}
