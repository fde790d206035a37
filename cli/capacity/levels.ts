import type { PlayedLevel } from '../../analysis/capacity/search-level.ts';
import type { AnswerLevel } from '../../report/capacity/answer-file.ts';

/** Users that are left free between two levels: a plan may start one more than it says. */
export const APART = 2;

/** The first user that none of these levels has played. */
export const nextUser = (rows: readonly Pick<AnswerLevel, 'userOffset' | 'users'>[], firstUser: number): number =>
  rows.reduce((next, row) => Math.max(next, row.userOffset + row.users + APART), firstUser);

/**
 * Median latency with which later levels are compared: of the first level that was observed, or of the one that repeats
 * a rate because the target may have been cold; Infinity: there is none yet.
 */
export const firstMedian = (levels: readonly Pick<PlayedLevel, 'end' | 'medianMs' | 'purpose'>[]): number => {
  const observed = levels.filter(({ end }) => end === 'observed');
  return Math.min(
    ...[observed[0], observed.find(({ purpose }) => purpose === 'cold')].map((level) => level?.medianMs ?? Infinity),
  );
};

/** Name of a level in `levels/`: of its record, and of its samples with `.json.gz`. */
export const levelName = (number: number, rate: number): string => `${String(number).padStart(2, '0')}-${rate}`;

/** The load of a level. */
export interface LoadOfLevel {
  readonly rate: number;
  readonly seconds: number;
  readonly userOffset: number;
  readonly seed: number;
}

/** The same as settings of `load`. */
export const loadSettings = ({ rate, seconds, userOffset, seed }: LoadOfLevel): Readonly<Record<string, string>> => ({
  ...{ RATE: String(rate), RAMP: '0s', DURATION: `${seconds}s`, SEED: String(seed), USER_OFFSET: String(userOffset) },
});
