import type { CapacityAnswer } from '../../../analysis/capacity/answer.ts';
import type { LevelVerdict, TermEstimate } from '../../../analysis/capacity/level.ts';
import { nextLevel } from '../../../analysis/capacity/search.ts';
import type { PlannedLevel, PlayedLevel, SearchSettings } from '../../../analysis/capacity/search-level.ts';
import { errorTerm, latencyTerm } from './simulated-search.ts';

export const SETTINGS: SearchSettings = {
  ...{ terms: [latencyTerm(95, 100), errorTerm(0.01)], startRate: 10, maxRate: 500, budgetSeconds: 900 },
  ...{ precision: 0.05, confidence: 0.95, levelSeconds: 60, warmUpSeconds: 12, coolSeconds: 8 },
};

/** What a level of a script comes to: the share of slow requests, and whatever else differs from a quiet one. */
export type Script = (level: PlannedLevel, nth: number) => number | Partial<PlayedLevel>;

/** An estimate of a share that so many independent samples are worth. */
export function estimated(share: number | null, worth = 150): TermEstimate {
  const all = share === null ? 0 : 5_000;
  const bad = Math.round((share ?? 0) * all);
  const off = 2 * Math.sqrt(((share ?? 0) * (1 - (share ?? 0))) / worth) + 0.001;
  return {
    ...{ bad, all, share, atLeast: false, clustering: 30, effective: all === 0 ? 0 : worth },
    ...{ low: Math.max(0, (share ?? 0) - off), high: Math.min(1, (share ?? 1) + off) },
  };
}

function verdictOf({ low, high }: TermEstimate, allowed: number): LevelVerdict {
  return low > allowed ? 'broke' : high < allowed ? 'held' : 'undecided';
}

/** A level as it is played by a script. */
export function played(planned: PlannedLevel, said: ReturnType<Script>, settings: SearchSettings): PlayedLevel {
  const { rate, purpose, looks } = planned;
  const { share, ...others } = typeof said === 'number' ? { share: said } : { share: 0, ...said };
  const first = estimated(share);
  return {
    ...{ rate, purpose, seconds: settings.warmUpSeconds + looks.at(-1)! + settings.coolSeconds, end: 'observed' },
    lookedSeconds: looks.at(-1)!,
    verdict: verdictOf(first, settings.terms[0]!.allowed),
    terms: settings.terms.map((_, at) => (at === 0 ? first : estimated(0, 900))),
    ...{ unstable: null, unsettled: false, medianMs: 20, recoveredSeconds: 5 },
    ...others,
  };
}

/** A whole search of which a script says what each level comes to. */
export function scriptedSearch(
  script: Script,
  changed: Partial<SearchSettings> = {},
): { readonly answer: CapacityAnswer; readonly levels: readonly PlayedLevel[] } {
  const settings = { ...SETTINGS, ...changed };
  const levels: PlayedLevel[] = [];
  for (;;) {
    const step = nextLevel(levels, settings);
    if ('answer' in step) return { answer: step.answer, levels };
    if (levels.length > 100) throw new Error('the search does not end');
    levels.push(played(step.level, script(step.level, levels.length), settings));
  }
}

/** A target whose share of slow requests is 5 % at a rate, and rises as of a queue. */
export const kneeAt =
  (knee: number, steepness = 50) =>
  ({ rate }: PlannedLevel): number =>
    1 / (1 + Math.exp(-(Math.log(0.05 / 0.95) + steepness * Math.log(rate / knee))));
