import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../contract/configuration-error.ts';

/** Files of which each makes a folder a record; those of version 0 had only the second. */
const OF_A_RECORD = ['run.json', 'result.json'] as const;

const isRecord = (folder: string): boolean => OF_A_RECORD.some((file) => existsSync(join(folder, file)));

/**
 * The records that a folder stands for: itself, or all that it holds, by name. Throws a ConfigurationError where there is none.
 */
export function repeatedRuns(folder: string): readonly string[] {
  if (!existsSync(folder) || isRecord(folder)) return [folder];
  if (!statSync(folder).isDirectory())
    throw new ConfigurationError(`${folder} is a file; give the folder of a run, or one of several runs`);
  const inside = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isRecord(join(folder, entry.name)))
    .map(({ name }) => join(folder, name))
    .sort();
  if (inside.length === 0)
    throw new ConfigurationError(
      `${folder} is no record and holds none; give the folder of a run, or one of several runs`,
    );
  return inside;
}
