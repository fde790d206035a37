import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LevelWatch } from '../../analysis/capacity/level-watch.ts';
import type { WatchedLevel } from '../../analysis/capacity/level-watch.ts';
import type { PlannedLevel, SearchSettings } from '../../analysis/capacity/search-level.ts';
import { EXIT_CODES } from '../../catalogue/exit-codes.ts';
import type { NumberedInterval } from '../../contract/series-counts.ts';
import { openRecord } from '../../record/read-record.ts';
import { importFile } from '../import/import-file.ts';
import { levelName, loadSettings } from './levels.ts';
import { endOf, levelRow, playedLevel } from './play-level.ts';
import type { LevelPlayed } from './play-level.ts';

/** A level that somebody else plays. */
export interface LevelPlace {
  readonly number: number;
  readonly userOffset: number;
  readonly firstMedianMs: number;
  readonly allow429: boolean;
}

/** A level as whoever cannot end it early plays it. */
export const wholeLevel = (planned: PlannedLevel): PlannedLevel => ({ ...planned, extendable: false });

/** What a level needs of whoever plays it: settings of `load`, and for how long. */
export function levelEnvironment(
  { rate, looks }: PlannedLevel,
  { warmUpSeconds }: SearchSettings,
  { userOffset, seed }: { readonly userOffset: number; readonly seed: number },
): Readonly<Record<string, string>> {
  return loadSettings({ rate, seconds: Math.ceil(warmUpSeconds + looks.at(-1)!) + 1, userOffset, seed });
}

/**
 * Makes the record of a level from k6's samples, where there is none yet, with what was recorded beside them. Throws a
 * ConfigurationError.
 */
export async function importLevel(
  search: string,
  name: string,
  samples: string,
  flags: { readonly k6Exit: number | undefined; readonly allowInvalid: boolean },
  beside?: (startedAt: Date) => readonly NumberedInterval[],
): Promise<void> {
  const place = join(search, 'levels', `${name}.import`);
  try {
    await importFile(
      samples,
      {
        ...{ results: place, name: 'load', interval: '1s', allowNoSamples: true as const },
        ...(flags.k6Exit === undefined ? {} : { k6Exit: flags.k6Exit }),
        ...(flags.allowInvalid ? { allowInvalid: true as const } : {}),
      },
      () => undefined,
      beside,
    );
    renameSync(join(place, readdirSync(place)[0]!), join(search, 'levels', name));
  } finally {
    if (existsSync(place)) rmSync(place, { recursive: true });
  }
}

/** How far the starts of a level may be from its rate: as a part of them, and in standard errors of a Poisson count. */
const OTHER_PART = 0.1;
const OTHER_ERRORS = 4;

/** That a level was not played at its rate, such as by a command that does not hand its settings on: it says nothing of it. */
function otherRate({ rate }: PlannedLevel, said: WatchedLevel | undefined): ReturnType<typeof endOf> | undefined {
  if (said === undefined) return undefined;
  const played = said.figures.startsPerSecond;
  const [asked, started] = [rate * said.seconds, played * said.seconds];
  if (Math.abs(started - asked) <= Math.max(OTHER_PART * asked, OTHER_ERRORS * Math.sqrt(asked))) return undefined;
  return {
    end: 'generator',
    why: `its record has ${Number(played.toPrecision(3))} flow starts/s, not ${rate}: the load generator did not keep up, or has other settings`,
  };
}

/** What the record of a level says: the same as if the search had heard it while it was played. */
export async function recordedLevel(
  search: string,
  planned: PlannedLevel,
  settings: SearchSettings,
  { number, userOffset, firstMedianMs, allow429 }: LevelPlace,
): Promise<LevelPlayed> {
  const name = levelName(number, planned.rate);
  const record = openRecord(join(search, 'levels', name));
  const watch = new LevelWatch(planned, settings, firstMedianMs);
  for await (const interval of record.intervals()) watch.add(interval);
  const { run } = record;
  const damaged = run.end === null || record.damage().length > 0;
  const said = damaged ? undefined : watch.said();
  const ended = { run, reason: run.end?.reason, exitCode: run.end?.exitCode ?? EXIT_CODES.script_exception.code };
  const { end, why } = damaged
    ? { end: 'cut' as const, why: 'its record has no end, or is damaged' }
    : (otherRate(planned, said) ?? endOf({ allow429, threads: Infinity }, said, { ...ended, byPlan: true }));
  const seconds = (run.end?.durationMs ?? 0) / 1_000 + settings.coolSeconds;
  const level = playedLevel(planned, settings, said, { seconds, end });
  return {
    level,
    row: levelRow(level, planned, said, { folder: `levels/${name}`, why, userOffset, users: watch.started }),
    stopped: end === 'cut' ? { reason: why, exitCode: ended.exitCode } : undefined,
  };
}
