/** One setting: what it is by default, in which unit, what is allowed, what it means. */
export interface SettingModel<T> {
  readonly default: T;
  readonly unit: string;
  readonly meaning: string;
  readonly allowed?: readonly T[];
  readonly min?: number;
  readonly max?: number;
  /** A whole number is expected. */
  readonly whole?: true;
  /** What a text must look like, in the expression and in words. */
  readonly form?: { readonly pattern: RegExp; readonly words: string };
}

/** A table of settings: an entry for each field of their type. */
export type SettingTable<T> = { readonly [K in keyof T]: SettingModel<T[K]> };

/** A setting that is on unless it is switched off, or the other way round. */
export const SWITCH = { unit: 'on/off', allowed: ['on', 'off'] } as const;
export type Switch = 'on' | 'off';

/** Lifetimes: `timeScale` multiplies them. */
export const MILLISECONDS = { unit: 'ms of human time', min: 1 } as const;

/** What is wrong with a value, as what was expected instead; undefined if it is right. */
export function problemOf(value: unknown, model: SettingModel<unknown>): string | undefined {
  if (typeof value !== typeof model.default) return `a ${typeof model.default}`;
  if (model.allowed !== undefined && !model.allowed.includes(value)) return orList(model.allowed.map(String));
  if (typeof value === 'string') return model.form?.pattern.test(value) === false ? model.form.words : undefined;
  if (typeof value !== 'number') return undefined;
  const min = model.min ?? -Infinity;
  const max = model.max ?? Infinity;
  const kind = model.whole === true ? 'a whole number' : 'a number';
  const range = max === Infinity ? `${kind} ≥ ${min}` : `${kind} from ${min} to ${max}`;
  const fits = Number.isFinite(value) && value >= min && value <= max && (!model.whole || Number.isInteger(value));
  return fits ? undefined : range;
}

function orList(words: readonly string[]): string {
  return words.length < 3 ? words.join(' or ') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)!}`;
}
