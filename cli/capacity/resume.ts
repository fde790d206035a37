import { LevelWatch, observedLevel } from '../../analysis/capacity/level-watch.ts';
import type { SearchSettings } from '../../analysis/capacity/search-level.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { openRecord } from '../../record/read-record.ts';
import type { AnswerFile, AnswerLevel } from '../../report/capacity/answer-file.ts';
import type { CapacityFlags } from './flags.ts';
import { firstMedian } from './levels.ts';
import { levelRow } from './play-level.ts';
import { readAnswer } from './read-answer.ts';
import { basename, join, resolve } from 'node:path';

/** A search that goes on. */
export interface Resumed {
  readonly folder: string;
  readonly name: string;
  readonly answer: AnswerFile;
  /** Its levels, judged again by their records. */
  readonly rows: readonly AnswerLevel[];
  /** What it was asked for, and what is said anew. */
  readonly flags: Partial<CapacityFlags>;
}

/** Flags of which each search has its own: they are those of the search that goes on. */
const KEPT = [
  'slo',
  'start',
  'level',
  'env',
  'simulatorOption',
  'seed',
  'allow429',
] as const satisfies readonly (keyof CapacityFlags)[];

/** Reads a search that is to go on. Throws a ConfigurationError for a folder that holds none, and for flags that would make it another. */
export async function resumed(folder: string, given: CapacityFlags): Promise<Resumed> {
  const other = KEPT.find((name) => given[name] !== undefined);
  if (other !== undefined)
    throw new ConfigurationError(
      `${given.next === undefined ? '--resume' : '--next'}: ${nameOf(other)} is that of the search which goes on; leave it out`,
    );
  const answer = readAnswer(folder);
  const { search } = answer;
  const settings: SearchSettings = { ...search, terms: answer.objective };
  const rows: AnswerLevel[] = [];
  for (const row of answer.levels) rows.push(await judgedAgain(folder, row, settings, rows));
  return {
    ...{ folder: resolve(folder), name: basename(resolve(folder)), answer, rows },
    flags: {
      ...(search.slo === null ? {} : { slo: search.slo }),
      ...{ start: search.startRate, level: search.levelSeconds, seed: search.seed },
      env: search.settings,
      ...(search.simulatorOptions.length === 0 ? {} : { simulatorOption: search.simulatorOptions }),
      ...(search.allow429 ? { allow429: true as const } : {}),
      budget: given.budget ?? search.budgetSeconds,
      precision: given.precision ?? search.precision,
      confidence: given.confidence ?? search.confidence,
      max: given.max ?? search.maxRate,
      ...(search.targetCores === undefined ? {} : { targetCores: given.targetCores ?? search.targetCores }),
    },
  };
}

const FLAG_NAMES: Readonly<Partial<Record<string, string>>> = {
  env: '-e',
  simulatorOption: '--simulator-option',
  allow429: '--allow-429',
};
const nameOf = (name: string): string => FLAG_NAMES[name] ?? `--${name}`;

/** What a row has besides what its record says. */
const factsOf = ({ folder, why, userOffset, users }: AnswerLevel): Parameters<typeof levelRow>[3] => ({
  ...{ folder, why, userOffset, users },
});

/** A level by its record; one whose record is gone, or has a gap, says nothing. */
async function judgedAgain(
  folder: string,
  row: AnswerLevel,
  settings: SearchSettings,
  before: readonly AnswerLevel[],
): Promise<AnswerLevel> {
  if (row.end !== 'observed') return row;
  const watch = new LevelWatch(row, settings, firstMedian(before));
  try {
    const record = openRecord(join(folder, row.folder));
    if (record.run.end === null) return { ...row, end: 'cut', why: 'its record has no end' };
    for await (const interval of record.intervals()) watch.add(interval);
    if (record.damage().length > 0) return { ...row, end: 'cut', why: 'its record is damaged' };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { ...row, end: 'cut', why: error.message };
  }
  const said = watch.said();
  return said === undefined
    ? { ...row, end: 'cut', why: 'its record says nothing' }
    : levelRow(observedLevel(row, said, row), row, said, factsOf(row));
}
