import { parseDuration } from '../contract/duration.ts';
import { levelsOf } from '../contract/held-rate.ts';
import type { Level } from '../contract/held-rate.ts';
import type { RunFile } from './run-file.ts';

/**
 * The levels of a search in one run, over one or several parts: the sum of the parts' shares. Undefined if a part's are unknown or have
 * other steps.
 */
export function plannedLevels(runs: readonly RunFile[]): readonly Level[] | undefined {
  const all = runs.map(levelsOfPart);
  const [first] = all;
  if (first === undefined) return undefined;
  const parts = all.flatMap((levels) =>
    levels?.length === first.length && levels.every(({ endMs }, at) => endMs === first[at]!.endMs) ? [levels] : [],
  );
  if (parts.length < all.length) return undefined;
  return first.map(({ level, endMs }, at) => {
    const rate = parts.reduce((sum, levels) => sum + levels[at]!.rate, 0);
    return { level, endMs, rate: Math.round(rate * 100) / 100 };
  });
}

/** The levels of one part: settings describe the whole search, the plan this part's share. */
function levelsOfPart({ settings, scenarios }: RunFile): readonly Level[] | undefined {
  const number = (name: string): number => Number(settings[name] ?? NaN);
  const search = {
    ...{ startRate: number('START_RATE'), stepRate: number('STEP_RATE'), maxRate: number('MAX_RATE') },
    stepMs: parseDuration(settings['STEP_DURATION'] ?? '') ?? NaN,
  };
  if (!Object.values(search).every((value) => value > 0 && value < Infinity)) return undefined;
  const levels = levelsOf(search);
  const last = levels.at(-1);
  if (last === undefined || scenarios.length === 0 || scenarios.some(({ arrivals }) => arrivals === null))
    return undefined;
  const highest = scenarios.reduce((sum, { arrivals }) => sum + Math.max(0, ...arrivals!.map(([, rate]) => rate)), 0);
  return levels.map((level) => ({ ...level, rate: (level.rate * highest) / last.rate }));
}
