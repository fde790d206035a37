import { realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { RunFile } from '../../record/run-file.ts';
import { openRecord } from '../../record/read-record.ts';
import type { StoredRecord } from '../../record/read-record.ts';

/** One of the records to merge. */
export interface Part extends StoredRecord {
  /** Offset from the earliest part, in intervals. */
  readonly shift: number;
  /** What findings call it: its number, or its folder. */
  readonly name: string;
}

/**
 * Opens the parts of a run. Rejected are: fewer than two, or than `parts`, duplicates, different interval lengths,
 * scripts or thresholds, parts that did not overlap in time, and an output folder inside a part; of parts that know their
 * number (run --part) also different plans.
 *
 * Parts start together: their first intervals coincide, unless a part started more than an interval after the earliest.
 * Then it is shifted by the difference of the two machines' clocks.
 */
export function openParts(folders: readonly string[], results: string, parts?: number): readonly Part[] {
  if (parts !== undefined && folders.length !== parts)
    throw new ConfigurationError(`--parts is ${parts}, but there are ${folders.length} records; pass one of each part`);
  if (folders.length < 2 && parts !== 1)
    throw new ConfigurationError('merge takes two or more records; pass the folders of all parts of the run');
  const records = folders.map((folder) => openRecord(folder));
  const first = records[0]!;
  for (const other of records.slice(1)) {
    for (const { what, of } of first.run.part === undefined || other.run.part === undefined ? SAME : SAME_PLAN) {
      const [a, b] = [of(first.run, other.run), of(other.run, first.run)];
      if (a === b) continue;
      throw new ConfigurationError(
        `${first.folder} and ${other.folder} have different ${what} (${a} and ${b}); merge takes the parts of one run`,
      );
    }
  }
  checkTwins(records);
  checkNumbers(records, parts);
  checkOutput(records, results);
  const begins = records.map(({ run }) => Date.parse(run.startedAt));
  const begin = Math.min(...begins);
  checkOverlap(records, begins);
  return records.map((record, at) => {
    const late = begins[at]! - begin;
    const { intervalMs } = record.run;
    const { part } = record.run;
    return {
      ...record,
      shift: late > intervalMs ? Math.round(late / intervalMs) : 0,
      name: part === undefined ? record.folder : `part ${part.index}`,
    };
  });
}

/** What parts have in common, in words. `other`: the record that it is compared with. */
interface Common {
  readonly what: string;
  readonly of: (run: RunFile, other: RunFile) => string;
}

const SAME: readonly Common[] = [
  { what: 'lengths of an interval', of: ({ intervalMs }) => `${intervalMs} ms` },
  { what: 'scripts', of: ({ script }) => script },
  {
    what: 'thresholds',
    of: ({ thresholds }) =>
      thresholds
        .map(({ metric, expression }) => `${metric} ${expression}`)
        .sort()
        .join(', ') || 'none',
  },
];

/** Parts that were cut by `--part` play one plan, on one target, with the same users. */
const SAME_PLAN: readonly Common[] = [
  ...SAME,
  { what: 'testids', of: ({ testid }) => testid },
  { what: 'numbers of parts', of: ({ part }) => String(part?.of) },
  { what: 'versions of Pairstorm', of: ({ pairstorm }) => pairstorm },
  // Each may have had a simulator of its own, on some port.
  { what: 'targets', of: ({ target, simulated }) => (simulated ? 'its own simulator' : (target ?? 'unknown')) },
  {
    what: 'users',
    of: ({ inventory }) =>
      inventory === null
        ? 'unknown'
        : `${inventory.users} of population ${inventory.population}, seed ${inventory.seed}`,
  },
  {
    what: 'settings',
    of: ({ settings }, other) =>
      Object.keys({ ...settings, ...other.settings })
        .filter((name) => settings[name] !== other.settings[name])
        .map((name) => `${name} ${settings[name] ?? 'not set'}`)
        .join(', '),
  },
];

/** Each number is there once, of as many parts as there are to be. */
function checkNumbers(records: readonly StoredRecord[], parts: number | undefined): void {
  const byNumber = new Map<number, string>();
  for (const {
    folder,
    run: { part },
  } of records) {
    if (part === undefined) continue;
    if (parts !== undefined && part.of !== parts)
      throw new ConfigurationError(`${folder} is one of ${part.of} parts, but --parts is ${parts}; pass all of them`);
    const twin = byNumber.get(part.index);
    if (twin !== undefined)
      throw new ConfigurationError(
        `${twin} and ${folder} are both part ${part.index} of ${part.of}; pass each part once`,
      );
    byNumber.set(part.index, folder);
  }
}

/**
 * A part counted twice would inflate the whole. Two processes on one machine may share names but not the start time, unless
 * they have numbers; a merged record no longer has the start times of its parts.
 */
function checkTwins(records: readonly StoredRecord[]): void {
  for (const [at, { folder, run }] of records.entries()) {
    for (const other of records.slice(0, at)) {
      if (realpathSync(folder) === realpathSync(other.folder))
        throw new ConfigurationError(`${other.folder} and ${folder} are the same folder; pass each once`);
      const shared = run.machines.find(({ instance }) =>
        other.run.machines.some((machine) => machine.instance === instance),
      );
      const merged = run.machines.length > 1 || other.run.machines.length > 1;
      if (shared === undefined || run.testid !== other.run.testid) continue;
      if (!merged && run.startedAt !== other.run.startedAt) continue;
      if (run.part !== undefined && other.run.part !== undefined) continue;
      throw new ConfigurationError(
        `${other.folder} and ${folder} hold the same part of a run (testid ${run.testid}, instance ${shared.instance}); pass each once, or import each with its own --instance`,
      );
    }
  }
}

function checkOutput(records: readonly StoredRecord[], results: string): void {
  const output = resolve(results);
  const inside = records.find(({ folder }) => output === resolve(folder) || output.startsWith(resolve(folder) + sep));
  if (inside !== undefined)
    throw new ConfigurationError(
      `--results ${results} is inside ${inside.folder}, which is one of the parts; use a folder outside the parts`,
    );
}

/** Assumed maximum length of a killed run: a month. */
const LONGEST_APART_MS = 31 * 86_400_000;

/** Consecutive runs are not parts of one run: their rates do not add up. A killed part has no end time. */
function checkOverlap(records: readonly StoredRecord[], begins: readonly number[]): void {
  for (const [at, { folder, run }] of records.entries()) {
    const ended = begins[at]! + (run.end === null ? LONGEST_APART_MS : run.end.durationMs + run.intervalMs);
    const later = begins.findIndex((begin) => begin > ended);
    if (later >= 0)
      throw new ConfigurationError(
        `${records[later]!.folder} started after ${folder} had ended; merge takes parts of one run that ran at the same time (pairstorm compare takes runs of the same test)`,
      );
  }
}
