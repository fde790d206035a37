import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { SearchSettings } from './search-level.ts';

export const SMALLEST_RATE = 0.01;
/** Looks of a level, as parts of the longest. */
export const LOOKS = [1 / 4, 1 / 2, 1] as const;
/** Length of the replay, as a part of the longest look. */
export const REPLAY = 1 / 3;
const FEWEST_LEVELS = 4;
/** Below this the model's error (posterior.ts) dominates; the search aims a fifth below the requested precision. */
const FINEST = 0.035;

/** Rejects settings with which a search cannot succeed. Throws a ConfigurationError. */
export function checkSearch(settings: SearchSettings, atLeast: number | null): void {
  const { startRate, maxRate, budgetSeconds, precision, confidence } = settings;
  const needed = FEWEST_LEVELS * secondsOf(settings, LOOKS.at(-1)!) + secondsOf(settings, REPLAY);
  const refuse = (why: string): never => {
    throw new ConfigurationError(why);
  };
  if (!(startRate >= SMALLEST_RATE)) refuse(`--start ${startRate}: the smallest rate is ${SMALLEST_RATE} flows/s`);
  if (!(maxRate >= startRate)) refuse(`--max ${maxRate} is below --start ${startRate}`);
  if (atLeast !== null && atLeast > maxRate)
    refuse(`--at-least ${atLeast} is above --max ${maxRate}: it could never be met`);
  if (!(precision >= FINEST && precision < 1))
    refuse(
      `--precision ${percent(precision)}: from ${percent(FINEST)} (the model is no more precise than that) to below 100 %`,
    );
  if (!(confidence >= 0.5 && confidence < 1)) refuse(`--confidence ${percent(confidence)}: from 50 % to below 100 %`);
  if (budgetSeconds < needed)
    refuse(
      `--budget ${budgetSeconds}s is too short: ${FEWEST_LEVELS} levels of ${settings.levelSeconds} s, the minimum for an answer, take ` +
        `${Math.ceil(needed)} s with warm-up and cool-down; shorten --level or raise --budget`,
    );
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(4))}%`;

/** Budget of a level with this part of the longest look. */
export function secondsOf({ warmUpSeconds, levelSeconds, coolSeconds }: SearchSettings, part: number): number {
  return warmUpSeconds + part * levelSeconds + coolSeconds;
}
