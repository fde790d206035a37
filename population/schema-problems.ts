import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ErrorObject, ValidateFunction } from 'ajv';
import type * as AjvModule from 'ajv';
import { didYouMean } from '../contract/nearest.ts';
import { POPULATION_FOLDER } from './folder.ts';
import type { PopulationFile } from './population-file.ts';

let compiled: ValidateFunction<PopulationFile> | undefined;

/** Validator for population.schema.json, compiled once per process. */
function schemaCheck(): ValidateFunction<PopulationFile> {
  return (compiled ??= compileSchema());
}

function compileSchema(): ValidateFunction<PopulationFile> {
  // Loaded when first needed: its 80 files take as long as a fifth of a short command, and most commands read no population.
  const { Ajv } = createRequire(import.meta.url)('ajv') as typeof AjvModule;
  const schema: unknown = JSON.parse(readFileSync(join(POPULATION_FOLDER, 'population.schema.json'), 'utf8'));
  return new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true }).compile<PopulationFile>(schema as object);
}

/** `/groups/3/push/shares` → `groups[3].push.shares`. */
function jsonPath(pointer: string): string {
  const path = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join('');
  return path.replace(/^\./, '');
}

const shown = (value: unknown): string => {
  // Lists and objects may be nested too deeply to be printed.
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

/** What each keyword of the schema expects, in words. */
const EXPECTED: Readonly<Record<string, (of: unknown) => string>> = {
  type: (of) => `a value of type ${String(of)}`,
  const: (of) => JSON.stringify(of),
  enum: (of) => `one of ${(of as readonly unknown[]).join(', ')}`,
  minimum: (of) => `at least ${String(of)}`,
  maximum: (of) => `at most ${String(of)}`,
  exclusiveMinimum: (of) => `more than ${String(of)}`,
  minItems: (of) => `at least ${String(of)} of them`,
  maxItems: (of) => `at most ${String(of)} of them`,
  minLength: () => 'a string',
  maxLength: (of) => `at most ${String(of)} characters`,
  minProperties: () => 'at least one key',
};

function describe(error: ErrorObject): string | undefined {
  const { keyword, instancePath, params, data, schema, parentSchema } = error;
  const place = jsonPath(instancePath);
  const within = (name: string): string => (place === '' ? name : `${place}.${name}`);
  if (keyword === 'additionalProperties') {
    const name = String(params['additionalProperty']);
    const known = Object.keys((parentSchema?.['properties'] ?? {}) as object);
    return `${within(name)} is not known${didYouMean(name, known)}; known: ${known.join(', ')}`;
  }
  if (keyword === 'required') return `${within(String(params['missingProperty']))} is missing`;
  // An `if` error only says that its `then` failed, which is reported itself.
  const expected = EXPECTED[keyword]?.(schema);
  return expected === undefined
    ? undefined
    : `${place === '' ? 'the file' : place} is ${shown(data)}; expected ${expected}`;
}

/** All schema violations of a parsed file, each with its JSON path. */
export function schemaProblems(value: unknown): string[] {
  const check = schemaCheck();
  if (check(value)) return [];
  return [...new Set((check.errors ?? []).map(describe).filter((line) => line !== undefined))];
}
