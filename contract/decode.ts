/**
 * Small decoders for external data: each checks one value and names the place of an error. They run on both hosts, so
 * no library.
 */

/** An error in external data, and its place: `users[12].kind is "F99"; allowed: F1, F2, …`. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

/** Checks the value at a place and returns it typed; throws a DecodeError. */
export type Decoder<T> = (value: unknown, place: string) => T;

/** Reports that the value at a place is not the expected one. */
export function wrong(place: string, found: string, expected: string): DecodeError {
  return new DecodeError(`${place === '' ? 'it' : place} is ${found}; expected ${expected}`);
}

/** The type of a value. The value itself may be a secret, contain one, or be nested too deeply to print. */
export function typeOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** A value that is not a secret: printed if short and flat. */
function shown(value: unknown): string {
  if (value === undefined || typeof value === 'object') return typeOf(value);
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** A string. Any other value is not printed: it may be a password without its quotes. */
export const text: Decoder<string> = (value, place) => {
  if (typeof value !== 'string') throw wrong(place, typeOf(value), 'a string');
  return value;
};

/** true or false. */
export const flag: Decoder<boolean> = (value, place) => {
  if (typeof value !== 'boolean') throw wrong(place, shown(value), 'true or false');
  return value;
};

/** A whole number in a range. */
export function whole(min: number, max = Number.MAX_SAFE_INTEGER): Decoder<number> {
  return (value, place) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      throw wrong(
        place,
        shown(value),
        max === Number.MAX_SAFE_INTEGER ? `a whole number ≥ ${min}` : `${min} to ${max}`,
      );
    }
    return value;
  };
}

/** A finite number in a range. */
export function real(min: number, max: number): Decoder<number> {
  return (value, place) => {
    if (typeof value !== 'number' || !(value >= min && value <= max)) {
      throw wrong(place, shown(value), `a number from ${min} to ${max}`);
    }
    return value;
  };
}

/** Any finite number. JSON allows 1e999, which is not. */
export const finite: Decoder<number> = (value, place) => {
  if (!Number.isFinite(value))
    throw wrong(place, typeof value === 'number' ? String(value) : shown(value), 'a finite number');
  return value as number;
};

/** One of a closed list. */
export function oneOf<const T extends string | number | null>(...allowed: readonly T[]): Decoder<T> {
  return (value, place) => {
    if (!allowed.includes(value as T)) throw wrong(place, shown(value), `one of ${allowed.join(', ')}`);
    return value as T;
  };
}

/** The value, or `undefined` if it is absent. */
export function optional<T>(decode: Decoder<T>): Decoder<T | undefined> {
  return (value, place) => (value === undefined ? undefined : decode(value, place));
}

/** The value, or null. */
export function nullable<T>(decode: Decoder<T>): Decoder<T | null> {
  return (value, place) => (value === null ? null : decode(value, place));
}

/** A list of values. */
export function listOf<T>(decode: Decoder<T>): Decoder<readonly T[]> {
  return (value, place) => {
    if (!Array.isArray(value)) throw wrong(place, typeOf(value), 'a list');
    return value.map((item, at) => decode(item, `${place}[${at}]`));
  };
}

/** An object, whatever its fields. */
export const record: Decoder<Readonly<Record<string, unknown>>> = (value, place) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(place, typeOf(value), 'an object');
  return value as Readonly<Record<string, unknown>>;
};

/** An object with arbitrary names and values of one type. */
export function recordOf<T>(decode: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return (value, place) => {
    for (const [name, item] of Object.entries(record(value, place))) decode(item, `${place}.${name}`);
    return value as Readonly<Record<string, T>>;
  };
}

/** An object with exactly these fields; for an unknown one the error lists the known ones. */
export function shape<T>(fields: { readonly [K in keyof T]-?: Decoder<T[K]> }): Decoder<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return (value, place) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw wrong(place, typeOf(value), 'an object');
    const at = (name: string): string => (place === '' ? name : `${place}.${name}`);
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(fields, name)) {
        throw new DecodeError(`${at(name.slice(0, 60))} is not known; known: ${names.join(', ')}`);
      }
    }
    for (const name of names) fields[name]((value as T)[name], at(name));
    return value as T;
  };
}
