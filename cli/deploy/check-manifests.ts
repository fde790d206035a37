import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { parseAllDocuments } from 'yaml';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { didYouMean } from '../../contract/nearest.ts';
import { describeFileError } from '../../record/text-file.ts';
import { mayHoldAKey } from '../child-environment.ts';
import { oneLine } from '../one-line.ts';
import { DEPLOY } from '../package.ts';
import { MOST_BYTES } from './config-map.ts';

/** Schemas of Kubernetes' own API (deploy/kubernetes/schemas.json). */
interface Schemas {
  readonly source: string;
  /** `apiVersion kind` → name in `$defs`. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly $defs: Readonly<Record<string, { readonly properties?: Readonly<Record<string, unknown>> }>>;
}

/** A file's object, and what is wrong with it. */
interface Checked {
  readonly file: string;
  readonly object: unknown;
  readonly faults: readonly string[];
}

/**
 * Validates the manifests of a folder without a cluster: each field by the API's own schemas, and what they cannot know: a
 * config map that is too large, a secret in plain text, parts that do not fit the number of pods. One line for each fault.
 */
export function checkManifests(folder: string): { readonly files: number; readonly faults: readonly string[] } {
  const files = manifestsIn(folder);
  const validate = validator();
  const checked = files.flatMap((file) => objectsOf(folder, file, validate));
  const faults = checked.flatMap(({ file, faults: of }) => of.map((fault) => `${file}: ${oneLine(fault)}`));
  return { files: files.length, faults: [...faults, ...unequalParts(checked)] };
}

function manifestsIn(folder: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new ConfigurationError(`--out ${folder}: ${describeFileError(error)}`);
  }
  const files = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  if (files.length === 0) throw new ConfigurationError(`${folder} has no manifests (*.yaml)`);
  return files;
}

type Validate = (object: unknown) => readonly string[];

function objectsOf(folder: string, file: string, validate: Validate): Checked[] {
  return parseAllDocuments(readFileSync(join(folder, file), 'utf8')).flatMap((document): Checked[] => {
    const [broken] = document.errors;
    if (broken !== undefined)
      return [{ file, object: null, faults: [`not YAML: ${broken.message.split('\n')[0] ?? ''}`] }];
    const object: unknown = document.toJS();
    return object === null ? [] : [{ file, object, faults: [...validate(object), ...further(object)] }];
  });
}

/** Checks one object by the schema of its kind. */
function validator(): Validate {
  const schemas = JSON.parse(readFileSync(join(DEPLOY, 'kubernetes', 'schemas.json'), 'utf8')) as Schemas;
  const ajv = new Ajv({ allErrors: true, strict: false, verbose: true });
  ajv.addSchema({ $id: 'kubernetes', $defs: schemas.$defs });
  const known = new Map<string, ValidateFunction>();
  return (object) => {
    const { apiVersion, kind } = fieldsOf(object);
    const name = `${String(apiVersion)} ${String(kind)}`;
    const definition = schemas.kinds[name];
    if (definition === undefined)
      return [
        `${name} is not known to --check${didYouMean(name, Object.keys(schemas.kinds))}; it knows ${Object.keys(schemas.kinds).join(', ')}`,
      ];
    const validate = known.get(name) ?? ajv.compile({ $ref: `kubernetes#/$defs/${definition}` });
    known.set(name, validate);
    return validate(object) ? [] : (validate.errors ?? []).map(faultOf);
  };
}

function faultOf({ instancePath, keyword, params, message, parentSchema }: ErrorObject): string {
  const place = instancePath
    .slice(1)
    .replace(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replaceAll('/', '.');
  const { additionalProperty, missingProperty } = params as Readonly<Record<string, string | undefined>>;
  const at = place === '' ? '' : `${place}.`;
  if (keyword === 'additionalProperties' && additionalProperty !== undefined) {
    const names = Object.keys((parentSchema as { readonly properties?: object } | undefined)?.properties ?? {});
    return `${at}${additionalProperty}: there is no such field${didYouMean(additionalProperty, names)}`;
  }
  if (keyword === 'required' && missingProperty !== undefined) return `${at}${missingProperty} is missing`;
  return `${place} ${message ?? 'is wrong'}`;
}

/** What a schema cannot know. */
function further(object: unknown): string[] {
  const { kind, data } = fieldsOf(object);
  const bytes = kind === 'ConfigMap' ? Buffer.byteLength(Object.values(fieldsOf(data)).join('')) : 0;
  return [
    ...(bytes > MOST_BYTES ? [`data has ${bytes} bytes; a config map holds ${MOST_BYTES}`] : []),
    ...environmentsIn(object)
      .filter(({ name, value }) => typeof value === 'string' && value !== '' && mayHoldAKey(String(name)))
      .map(({ name }) => `env ${String(name)} has its value in plain text; put it into the Secret (envFrom)`),
  ];
}

/** All `env` entries of an object, wherever they are. */
function environmentsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) =>
    name === 'env' && Array.isArray(one) ? one.map(fieldsOf) : environmentsIn(one),
  );
}

/** The Job's pods, the parts that they play, and those that the merge waits for must be as many. */
function unequalParts(checked: readonly Checked[]): string[] {
  return checked.flatMap(({ file, object }) => {
    const { completions, parallelism, template } = fieldsOf(fieldsOf(object)['spec']);
    const containers = fieldsOf(fieldsOf(template)['spec'])['containers'];
    const args = (Array.isArray(containers) ? containers : []).flatMap((one) => {
      const given = fieldsOf(one)['args'];
      return Array.isArray(given) ? given.map(String) : [];
    });
    const of = /\/(\d+)$/.exec(args[args.indexOf('--part') + 1] ?? '')?.[1];
    if (!args.includes('--part') || of === undefined) return [];
    const awaited = checked.flatMap(({ object: other }) => mergedParts(other));
    return [
      ...[completions, parallelism]
        .filter((count) => count !== Number(of))
        .map((count) => `${file}: the run is cut into ${of} parts, but completions or parallelism is ${String(count)}`),
      ...awaited
        .filter((count) => count !== of)
        .map((count) => `${file}: the run is cut into ${of} parts, but the merge waits for ${count}`),
    ];
  });
}

/** The number after `merge … --parts`, wherever it is. */
function mergedParts(object: unknown): string[] {
  return [...JSON.stringify(object ?? null).matchAll(/"merge","--parts","(\d+)"/g)].map(([, count]) => count!);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
