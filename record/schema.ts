import * as check from '../contract/decode.ts';
import type { Decoder } from '../contract/decode.ts';

/**
 * Declares the content of a record's file once: decoder, type (`Read`) and JSON Schema are derived from it. Why this is
 * not a library: bench/RESULTS.md, "Libraries that were looked at".
 */
export interface Schema<T> {
  /** JSON Schema 2020-12. */
  readonly json: JsonSchema;
  /** Named parts, for `$defs` of the document. */
  readonly defs?: Readonly<Record<string, JsonSchema>>;
  readonly decode: Decoder<T>;
}

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A field that may be absent. */
interface Optional<T> extends Schema<T | undefined> {
  readonly optional: true;
}

/** The type of what a schema describes. */
export type Read<S> = S extends Schema<infer T> ? T : never;

/** The fields of an object whose type is declared elsewhere: none may be missing or have another type. */
export type FieldsOf<T> = { readonly [Name in keyof T]-?: Schema<T[Name]> };

type Fields = Readonly<Record<string, Schema<unknown>>>;
type OptionalNames<F> = { [Name in keyof F]: F[Name] extends Optional<unknown> ? Name : never }[keyof F];
type Flat<T> = { [Name in keyof T]: T[Name] };
type ObjectOf<F> = Flat<
  { readonly [Name in Exclude<keyof F, OptionalNames<F>>]: Read<F[Name]> } & {
    readonly [Name in OptionalNames<F>]?: Read<F[Name]>;
  }
>;

const text: Schema<string> = { json: { type: 'string' }, decode: check.text };

const flag: Schema<boolean> = { json: { type: 'boolean' }, decode: check.flag };

/** Any finite number. */
const number: Schema<number> = { json: { type: 'number' }, decode: check.finite };

/** Any object. */
export const anyObject: Schema<Readonly<Record<string, unknown>>> = { json: { type: 'object' }, decode: check.record };

/** An integer in a range. */
function whole(minimum: number, maximum?: number): Schema<number> {
  const json = { type: 'integer', minimum, ...(maximum === undefined ? {} : { maximum }) };
  return { json, decode: check.whole(minimum, maximum) };
}

/** A number in a range. */
function real(minimum: number, maximum?: number): Schema<number> {
  const json = { type: 'number', minimum, ...(maximum === undefined ? {} : { maximum }) };
  return { json, decode: check.real(minimum, maximum ?? Number.MAX_VALUE) };
}

/** One of a closed list. */
function oneOf<const T extends string | number>(...allowed: readonly T[]): Schema<T> {
  return { json: allowed.length === 1 ? { const: allowed[0] } : { enum: allowed }, decode: check.oneOf(...allowed) };
}

/** A field that may be absent. */
function optional<T>(of: Schema<T>): Optional<T> {
  return { ...of, decode: check.optional(of.decode), optional: true };
}

/** The value, or null. */
function nullable<T>(of: Schema<T>): Schema<T | null> {
  const { type } = of.json;
  const flat = typeof type === 'string' && type !== 'object' && type !== 'array';
  const json = flat ? { ...of.json, type: [type, 'null'] } : { anyOf: [of.json, { type: 'null' }] };
  return { ...of, json, decode: check.nullable(of.decode) };
}

function listOf<T>(item: Schema<T>): Schema<readonly T[]> {
  return { ...item, json: { type: 'array', items: item.json }, decode: check.listOf(item.decode) };
}

/** An object with arbitrary keys. */
function recordOf<T>(item: Schema<T>): Schema<Readonly<Record<string, T>>> {
  return { ...item, json: { type: 'object', additionalProperties: item.json }, decode: check.recordOf(item.decode) };
}

/** An object with exactly these fields. */
export function object<F extends Fields>(fields: F): Schema<ObjectOf<F>> {
  const each = <V>(of: (field: Schema<unknown>) => V): Record<string, V> =>
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, of(field)]));
  return {
    json: {
      type: 'object',
      properties: each(({ json }) => json),
      required: Object.keys(fields).filter((name) => !('optional' in fields[name]!)),
      additionalProperties: false,
    },
    defs: defsOf(Object.values(fields)),
    decode: check.shape(each(({ decode }) => decode)) as Decoder<unknown> as Decoder<ObjectOf<F>>,
  };
}

/** An array of fixed length. */
export function tuple<const Cells extends readonly Schema<unknown>[]>(
  ...cells: Cells
): Schema<{ readonly [At in keyof Cells]: Read<Cells[At]> }> {
  return {
    json: { type: 'array', prefixItems: cells.map(({ json }) => json), minItems: cells.length, items: false },
    defs: defsOf(cells),
    decode(value, place) {
      if (!Array.isArray(value)) throw check.wrong(place, check.typeOf(value), 'a list');
      if (value.length !== cells.length)
        throw check.wrong(place, `a list of ${value.length}`, `one of ${cells.length}`);
      for (let at = 0; at < cells.length; at++) cells[at]!.decode(value[at], `${place}[${at}]`);
      return value as never;
    },
  };
}

/** A value of one of several shapes. Not decoded here: only its reader knows which shape applies. */
export function either(...schemas: readonly Schema<unknown>[]): Schema<unknown> {
  return { json: { oneOf: schemas.map(({ json }) => json) }, defs: defsOf(schemas), decode: (value) => value };
}

/** Adds a description to the JSON Schema. */
export function says<S extends Schema<unknown>>(description: string, schema: S): S {
  return { ...schema, json: { description, ...schema.json } };
}

/** Moves the JSON Schema to `$defs` and refers to it by name. */
export function named<T>(name: string, { json, defs, decode }: Schema<T>): Schema<T> {
  return { json: { $ref: `#/$defs/${name}` }, defs: { ...defs, [name]: json }, decode };
}

/** A JSON Schema document, as published in the package. */
export function schemaDocument(id: string, title: string, { json, defs }: Schema<unknown>): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:pairstorm:run-record:${id}`,
    title,
    ...json,
    ...(defs === undefined || Object.keys(defs).length === 0 ? {} : { $defs: defs }),
  };
}

/** Schemas of plain values, enums, optional values, lists and maps, named like the decoders. */
export const schema = { text, flag, number, whole, real, oneOf, optional, nullable, listOf, recordOf } as const;

function defsOf(parts: readonly Schema<unknown>[]): Readonly<Record<string, JsonSchema>> {
  return Object.assign({}, ...parts.map(({ defs }) => defs)) as Readonly<Record<string, JsonSchema>>;
}
