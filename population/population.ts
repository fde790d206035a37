import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { POPULATION_FOLDER } from './folder.ts';
import { walk } from './paths.ts';
import type { PopulationFile } from './population-file.ts';
import { contentProblems } from './problems.ts';
import { schemaProblems } from './schema-problems.ts';
import type { Variant } from './variants.ts';

/** A population, ready to be drawn from. */
export interface Population {
  readonly name: string;
  readonly description: string;
  /** Every path that a flow can take; the shares sum to 1. */
  readonly variants: readonly Variant[];
  readonly oneOfEachFirst: boolean;
}

/** Lists all problems of a population file, each with its JSON path. */
export class PopulationError extends Error {
  override readonly name = 'PopulationError';
}

/** Checks a parsed population file. Throws a PopulationError that lists all problems. */
export function checkPopulation(value: unknown, name: string): Population {
  const unfit = schemaProblems(value);
  if (unfit.length > 0) throw new PopulationError(unfit.join('; '));
  // schemaProblems has checked the shape.
  const file = value as PopulationFile;
  const problems = contentProblems(file);
  if (problems.length > 0) throw new PopulationError(problems.join('; '));
  return {
    name,
    description: file.description,
    variants: file.groups.flatMap((group) => walk(group, file).variants),
    oneOfEachFirst: file.oneOfEachFirst ?? false,
  };
}

const PRESETS_FOLDER = join(POPULATION_FOLDER, 'presets');

/** Names of the built-in populations. */
export const PRESETS: readonly string[] = readdirSync(PRESETS_FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))
  .sort();

/** The population of `dist/inventory.json`: every kind and variant of flow. */
export const DEFAULT_PRESET = 'everything';

const loaded = new Map<string, Population>();

/** Loads a preset. Throws an Error for a name that is not in PRESETS. */
export function preset(name: string): Population {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  if (!PRESETS.includes(name)) throw new Error(`there is no preset ${name}; presets: ${PRESETS.join(', ')}`);
  const population = checkPopulation(JSON.parse(readFileSync(join(PRESETS_FOLDER, `${name}.json`), 'utf8')), name);
  loaded.set(name, population);
  return population;
}
