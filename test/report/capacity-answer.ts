import { planOf, sentencesOf } from '../../analysis/capacity/answer.ts';
import { fittedCurves } from '../../analysis/capacity/search.ts';
import { ANSWER_VERSION, decodeAnswer } from '../../report/capacity/answer-file.ts';
import type { AnswerFile } from '../../report/capacity/answer-file.ts';
import { SETTINGS, scriptedSearch } from '../analysis/capacity/scripted-search.ts';
import type { Script } from '../analysis/capacity/scripted-search.ts';

/** The answer.json of a search of which a script says what each level comes to; three in ten sign-ins pair a device. */
export function answerOf(script: Script, atLeast: number | null = null): AnswerFile {
  const { answer, levels } = scriptedSearch(script, { budgetSeconds: 1_500 });
  const figures = { pairingShare: 0.3, flowSeconds: 20.2 };
  const promise = planOf(answer, figures);
  const perHour = (rate: number | null): number | null => (rate === null ? null : rate * 3_600 * 0.3);
  const { terms, ...settings } = SETTINGS;
  const file: AnswerFile = {
    ...{
      answer: 'pairstorm-capacity',
      version: ANSWER_VERSION,
      pairstorm: '1.2.3',
      startedAt: '2026-01-31T12:00:00.000Z',
    },
    ...answer,
    ...{ exitCode: answer.low === null ? 99 : 0, atLeast },
    sentences: [
      ...sentencesOf(answer, figures),
      `Objective: ${terms.map(({ text }) => text).join(' and ')}.`,
      'Played with starts of independent people (Poisson); users of the population “everything”, seed 7; levels of up to 60 s after a warm-up of at least 12 s, seed 7.',
      'Not looked at: hours at this rate (soak), a burst (spike), failures (resilience), another mix of users.',
    ],
    promise:
      promise === null
        ? null
        : { ...promise, pairingsPerHourLow: perHour(answer.low), pairingsPerHourHigh: perHour(answer.high) },
    curves: fittedCurves(levels, SETTINGS),
    objective: terms,
    ...{ target: 'https://sso.example', simulated: false, inventory: null },
    search: {
      ...{ slo: 'p95(http_req_duration)<100ms', ...settings, seed: 7, allow429: false },
      ...{ settings: [], simulatorOptions: [] },
    },
    levels: levels.map((level, at) => {
      const { rate, terms: said } = level;
      const p95 = 30 + 170 * (said[0]!.share ?? 0);
      return {
        ...level,
        folder: `levels/${String(at + 1).padStart(2, '0')}-${rate}`,
        why: level.end === 'observed' ? '' : 'the load generator used 1.93 cores',
        ...{ looks: [15, 30, 60], extendable: false, lookedSeconds: 60, userOffset: 1_000 * at, users: 900 },
        figures: {
          ...{ requestsPerSecond: 6.8 * Math.min(rate, 60), p50Ms: 21.4, p95Ms: p95, startsPerSecond: rate },
          ...{ endsPerSecond: Math.min(rate, 60), ended: 60 * rate, paired: 18 * rate, flowSeconds: 20.7 },
        },
        quantiles: [{ value: p95, low: 0.9 * p95, high: 1.2 * p95 }, null],
      };
    }),
  };
  // As whoever reads the file has it.
  return decodeAnswer(JSON.parse(JSON.stringify(file)), 'answer.json');
}
