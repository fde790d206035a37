import {
  beyondLimit,
  digits,
  intervalWords,
  measureClaim,
  measureValue,
  milliseconds,
  percent,
  seconds,
} from '../../catalogue/fault-measures.ts';
import type { Checked } from './hypothesis.ts';
import type { FaultVerdict, Signal } from './judge-fault.ts';
import { LEAST_SECONDS } from './resilience.ts';
import type { Resilience, Unjudged } from './resilience.ts';
import type { Back } from './return.ts';

/** Sentences for people about the effects of faults; no code parses them. */

const points = (value: number): string => `${digits(100 * value)} points`;

const SIGNALS: Readonly<Record<Signal, string>> = { errors: 'failed requests', off: 'flows that failed', p95: 'p95' };

/** `8.0 s (7.5 to 8.5)`, `at once`, `> 60 s`; `of`: what to say of the interval, such as `95 %: `. */
export function backWords({ seconds: back, low, high, looked }: Back, of = ''): string {
  if (back === null) return `> ${seconds(looked)}${low !== null && low < looked ? ` (at least ${seconds(low)})` : ''}`;
  if (back === 0 && (high ?? looked) <= 1) return 'at once';
  return `${seconds(back)} (${of}${digits(low ?? 0)} to ${high === null ? `> ${digits(looked)}` : digits(high)})`;
}

/** Name of a JUnit case. */
export const caseName = ({ measure, limit }: Pick<Checked, 'measure' | 'limit'>): string =>
  measureClaim[measure](measureValue[measure](limit));

/** Sentence for a case: what was measured, and why it is not known. */
export function caseSentence({ measure, outcome, value, low, high, limit, rateNeeded }: Checked): string {
  if (outcome === 'error') return 'no experiment: the target was unhealthy before the fault';
  if (low === null) return 'not known: nothing was measured';
  const of = measureValue[measure];
  const more = rateNeeded === null ? '' : `; RATE=${rateNeeded} would settle it`;
  return outcome === 'not_known'
    ? `not known: ${intervalWords(measure, low, high)}, limit ${of(limit)}${more}`
    : beyondLimit({ measure, limit, value, low, high });
}

/** Steady part after relative to before: `recovered, but 12 % slower (8 to 17 %)`. Undefined: as before. */
export function metastableSentence({ after, recovery }: FaultVerdict): string | undefined {
  if (after === null) return undefined;
  const { p95, errors, off } = after;
  const back = recovery.seconds === null ? 'not recovered,' : 'recovered, but';
  if (p95.low > 0) return `${back} ${percent(p95.value)} slower (${digits(100 * p95.low)} to ${percent(p95.high)})`;
  const worse =
    errors.low > 0 ? { of: 'failed requests', by: errors } : off.low > 0 ? { of: 'failed flows', by: off } : undefined;
  return worse && `${back} ${points(worse.by.value)} more ${worse.of} than before`;
}

/** Clients that asked more than usual, most first: ` (browser 3.1 times)`. */
function profileWords(byProfile: FaultVerdict['byProfile']): string {
  const more = Object.entries(byProfile)
    .filter(([, { low }]) => low > 1)
    .sort(([, a], [, b]) => b.value - a.value)
    .map(([profile, { value }]) => `${profile} ${value.toFixed(1)} times`);
  return more.length === 0 ? '' : ` (${more.join(', ')})`;
}

/** Why the target was unhealthy before a fault, each signal with its limit: `p95 1.2 s, at most 1 s`. */
export function sickWords(sick: FaultVerdict['sickBefore']): readonly string[] {
  return sick.map(({ signal, value, most }) => {
    const told = signal === 'p95' ? milliseconds : percent;
    return `${SIGNALS[signal]} ${told(value)}, at most ${told(most)}`;
  });
}

/** A fault in sentences: impact, recovery, cost. */
export function faultSentences(verdict: FaultVerdict): string[] {
  const { name, impact, recovery, lost, budget, detection, amplification, byProfile, stuck, storms, sickBefore } =
    verdict;
  if (sickBefore.length > 0) {
    return sickWords(sickBefore).map((words) => `${name}: no experiment, the target was unhealthy before it: ${words}`);
  }
  const felt = impact === null ? 'no impact' : `time to impact ${backWords(impact)} (${SIGNALS[impact.signal]})`;
  const cost = budget.used === null ? '' : `; ${percent(budget.used)} of the budget`;
  const noticed = detection?.computed === true ? 'the 14.4× rule over 1 min/5 s would have fired' : 'noticed';
  return [
    `${name}: ${felt}; recovery ${backWords(recovery)}; ${Math.round(lost.value)} of ${lost.flows} flows lost (${Math.round(lost.low)} to ${Math.round(lost.high)})${cost}`,
    ...(amplification !== null && amplification.low > 1
      ? [`${name}: ${amplification.value.toFixed(1)} times as many requests per flow${profileWords(byProfile)}`]
      : []),
    ...(stuck.low > 0 ? [`${name}: ${Math.round(stuck.value)} flows still open that should have ended`] : []),
    ...(storms > 0 ? [`${name}: clients that asked again without a pause made ${storms} further requests`] : []),
    ...(detection === null ? [] : [`${name}: ${noticed} after ${seconds(detection.high)}`]),
    ...[metastableSentence(verdict)]
      .filter((sentence) => sentence !== undefined)
      .map((sentence) => `${name}: ${sentence}`),
  ];
}

const UNJUDGED: Readonly<Record<Unjudged['code'], (seconds: number) => string>> = {
  not_started: () => 'it was not confirmed to have started',
  not_ended: () => 'it was not confirmed to have ended',
  short_steady: (length) =>
    `only ${seconds(length)} before the first fault; set STEADY_DURATION=${LEAST_SECONDS}s or more`,
  short_recovery: (length) =>
    `only ${seconds(length)} after it; set RECOVERY_DURATION=${LEAST_SECONDS}s or more, or end the fault faster`,
  no_flows: () => 'no flow ended before the first fault',
  coarse: (length) => `an interval of the record is ${seconds(length)} long; record every second (--interval 1s)`,
};

/** Why a fault is not judged. */
export const unjudgedSentence = ({ code, seconds: length }: Unjudged): string =>
  `not judged: ${UNJUDGED[code](length)}`;

/** All faults in sentences. */
export function resilienceSentences({ faults }: Resilience): string[] {
  return faults.flatMap(({ name, effects, unjudged }) =>
    effects !== null ? faultSentences(effects) : unjudged === null ? [] : [`${name}: ${unjudgedSentence(unjudged)}`],
  );
}
