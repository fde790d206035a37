import type { Checked, Measure } from './hypothesis.ts';
import type { FaultVerdict, Signal } from './judge-fault.ts';
import type { Back } from './return.ts';

/** Sentences for people about the effects of faults; no code parses them. */

const digits = (value: number): string => value.toFixed(Math.abs(value) >= 9.95 ? 0 : 1);
const percent = (value: number): string => `${digits(100 * value)} %`;
const seconds = (value: number): string => `${digits(value)} s`;

const SIGNALS: Readonly<Record<Signal, string>> = { errors: 'failed requests', off: 'flows that failed', p95: 'p95' };

/** `8.0 s (7.5 to 8.5)`, `at once`, `> 60 s`. */
function backWords({ seconds: back, low, high, looked }: Back): string {
  if (back === null) return `> ${seconds(looked)}${low !== null && low < looked ? ` (at least ${seconds(low)})` : ''}`;
  if (back === 0 && (high ?? looked) <= 1) return 'at once';
  return `${seconds(back)} (${digits(low ?? 0)} to ${high === null ? `> ${digits(looked)}` : digits(high)})`;
}

const UNIT: Readonly<Record<Measure, (value: number) => string>> = {
  recovery: seconds,
  lost: percent,
  amplification: (value) => `${value.toFixed(1)} times`,
  stuck: (value) => `${Math.round(value)} flows`,
  'flow_failure_rate during': percent,
  'steady after': percent,
};

const CASES: Readonly<Record<Measure, (limit: string) => string>> = {
  recovery: (limit) => `recovers within ${limit}`,
  lost: (limit) => `loses at most ${limit} of the flows`,
  amplification: (limit) => `makes at most ${limit} as many requests`,
  stuck: (limit) => `leaves at most ${limit} stuck`,
  'flow_failure_rate during': (limit) => `fails at most ${limit} of the flows while active`,
  'steady after': (limit) => `returns to within ${limit} of before`,
};

/** Name of a JUnit case. */
export const caseName = ({ measure, limit }: Checked): string => CASES[measure](UNIT[measure](limit));

/** Sentence for a case that did not pass. */
export function caseSentence({ measure, outcome, value, low, high, limit, rateNeeded }: Checked): string {
  const of = UNIT[measure];
  if (outcome === 'error') return 'no experiment: the target was unhealthy before the fault';
  if (low === null) return 'not known: nothing was measured';
  const interval = `${of(low)} to ${high === null ? 'beyond what was measured' : of(high)}`;
  const more = rateNeeded === null ? '' : `; RATE=${rateNeeded} would settle it`;
  return outcome === 'not_known'
    ? `not known: ${interval}, limit ${of(limit)}${more}`
    : `was ${value === null ? `more than ${of(low)}` : of(value)} (${interval}), limit ${of(limit)}`;
}

/** Steady part after relative to before: `back, but 12 % slower (8 to 17 %)`. Undefined: as before. */
function metastableSentence({ after, recovery }: FaultVerdict): string | undefined {
  if (after === null) return undefined;
  const { p95, errors, off } = after;
  const back = recovery.seconds === null ? 'not recovered,' : 'recovered, but';
  if (p95.low > 0) return `${back} ${percent(p95.value)} slower (${digits(100 * p95.low)} to ${percent(p95.high)})`;
  const worse =
    errors.low > 0 ? { of: 'failed requests', by: errors } : off.low > 0 ? { of: 'failed flows', by: off } : undefined;
  return worse && `${back} ${digits(100 * worse.by.value)} points more ${worse.of} than before`;
}

/** A fault in sentences: impact, recovery, cost. */
export function faultSentences(verdict: FaultVerdict): string[] {
  const { name, impact, recovery, lost, budget, detection, amplification, sickBefore } = verdict;
  if (sickBefore.length > 0) {
    return sickBefore.map(({ signal, value, most }) => {
      const told = signal === 'p95' ? (ms: number): string => `${Math.round(ms)} ms` : percent;
      return `${name}: no experiment, the target was unhealthy before it: ${SIGNALS[signal]} ${told(value)}, at most ${told(most)}`;
    });
  }
  const felt = impact === null ? 'no impact' : `time to impact ${backWords(impact)} (${SIGNALS[impact.signal]})`;
  const cost = budget.used === null ? '' : `; ${percent(budget.used)} of the budget`;
  const noticed = detection?.computed === true ? 'the 14.4× rule over 1 min/5 s would have fired' : 'noticed';
  return [
    `${name}: ${felt}; recovery ${backWords(recovery)}; ${Math.round(lost.value)} of ${lost.flows} flows lost (${Math.round(lost.low)} to ${Math.round(lost.high)})${cost}`,
    ...(amplification !== null && amplification.low > 1
      ? [`${name}: ${amplification.value.toFixed(1)} times as many requests per flow`]
      : []),
    ...(detection === null ? [] : [`${name}: ${noticed} after ${seconds(detection.high)}`]),
    ...[metastableSentence(verdict)]
      .filter((sentence) => sentence !== undefined)
      .map((sentence) => `${name}: ${sentence}`),
  ];
}
