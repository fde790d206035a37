import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { didYouMean } from '../contract/nearest.ts';
import { PRESETS, PopulationError, checkPopulation, preset } from '../population/population.ts';
import type { Population } from '../population/population.ts';
import { jsonFaultLine } from './json-fault-line.ts';
import { TextFileError, readTextFile } from '../record/text-file.ts';

const MOST_BYTES = 20_000_000;

/**
 * Loads a population by preset name or file path; presets win. Throws a ConfigurationError that lists every fault of
 * the file with its JSON path.
 */
export function readPopulation(nameOrFile: string): Population {
  if (PRESETS.includes(nameOrFile)) return preset(nameOrFile);
  const isPath = /[/\\]|\.json$/i.test(nameOrFile);
  let json: string;
  try {
    json = readTextFile(nameOrFile, MOST_BYTES);
  } catch (error) {
    if (!(error instanceof TextFileError)) throw error;
    throw new ConfigurationError(
      isPath || existsSync(nameOrFile)
        ? `cannot read the population ${nameOrFile}: ${error.message}`
        : `there is no population "${nameOrFile}"${didYouMean(nameOrFile, PRESETS)}; use ${PRESETS.join(', ')}, or the path of a file`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new ConfigurationError(`${nameOrFile} is not JSON (line ${jsonFaultLine(json) ?? json.split('\n').length})`);
  }
  try {
    return checkPopulation(value, basename(nameOrFile, extname(nameOrFile)));
  } catch (error) {
    if (!(error instanceof PopulationError)) throw error;
    throw new ConfigurationError(`${nameOrFile}: ${error.message}`);
  }
}
