import { milliseconds } from '../../catalogue/fault-measures.ts';
import type { LevelVerdict } from './level.ts';

/** How a search ended. */
export type CapacityVerdict =
  /** The knee is known with the requested precision. */
  | 'found'
  /** The highest allowed rate held. */
  | 'at-least'
  /** Even the lowest sensible rate did not hold. */
  | 'not-even'
  /** The time budget ended before the precision was reached. */
  | 'budget'
  /** The load generator could not keep up with the next rate. */
  | 'generator'
  /** The target limits what one source address may send. */
  | 'one-address'
  /** It was stopped, or could not go on. */
  | 'stopped';

/** The answer of a capacity search. Rates in flow starts per second. */
export interface CapacityAnswer {
  readonly verdict: CapacityVerdict;
  readonly unit: 'flows/s';
  /** The knee, beyond which the objective is not met; null if only bounds are known. */
  readonly rate: number | null;
  /** Ends of the interval. `low` of `at-least` and the like: the highest rate that met the objective, null: none. */
  readonly low: number | null;
  readonly high: number | null;
  readonly confidence: number;
  /** Half the interval's width, relative; null without an interval. */
  readonly halfWidth: number | null;
  /** The requested precision, relative. */
  readonly precision: number;
  /** The term that fails first, with its limit. */
  readonly binding: { readonly name: string; readonly limit: string } | null;
  /** The rate at which the generator or the address was the limit, or the last rate tried. */
  readonly limitAt: number | null;
  /** Why it was stopped; null: it was not. */
  readonly stoppedBy: string | null;
  /** Levels that were observations. */
  readonly played: number;
  readonly seconds: number;
  readonly budgetSeconds: number;
  /** Additional seconds for the requested precision; null: it is reached, or the time is unknown. */
  readonly moreSeconds: number | null;
  /** The confirmation at the lower end, in a longer level; null: there was no time for it. */
  readonly proof: { readonly rate: number; readonly verdict: LevelVerdict } | null;
  /** A rate that held, but not right after a higher one; null seconds: the target was not seen to recover. */
  readonly hysteresis: {
    readonly held: number;
    readonly after: number;
    readonly recoveredSeconds: number | null;
  } | null;
  /** A rate that held, and one clearly below it, or the same, that did not later. */
  readonly contradiction?: { readonly held: number; readonly broke: number } | null | undefined;
  /** The first rate that held had a different median when replayed at the end. */
  readonly targetChanged: { readonly rate: number; readonly firstMs: number; readonly lastMs: number } | null;
  /** Rates at which the level did not settle. */
  readonly unsettled: readonly number[];
  /** Terms without a sample in any level: nothing is known of them. */
  readonly withoutSamples: readonly string[];
}

/** What a planner needs besides the rate. */
interface PlannerFigures {
  /** Share of sign-ins that pair a device; null: unknown. */
  readonly pairingShare: number | null;
  /** Mean duration of a flow in seconds; null: unknown. */
  readonly flowSeconds: number | null;
}

/** An answer in the units of a plan. */
interface PlannedCapacity {
  /** What can be promised: the lower end of the interval, rounded down to two digits. */
  readonly perSecond: number;
  readonly signInsPerHour: number;
  readonly pairingsPerHour: number | null;
  /** People signing in at any time (Little's law: rate × mean duration of a flow). */
  readonly signingIn: number | null;
}

/** Rounds down to two digits, as a promise should be. */
function promiseOf(rate: number): number {
  const unit = 10 ** (Math.floor(Math.log10(rate)) - 1);
  // Division by a power of ten below 1 is not exact: 0.29 / 0.01 is 28.999….
  return Number((Math.floor(rate / unit + 1e-9) * unit).toPrecision(2));
}

/** The answer in a planner's units; null if no rate is known to hold. */
export function planOf({ low }: CapacityAnswer, { pairingShare, flowSeconds }: PlannerFigures): PlannedCapacity | null {
  if (low === null || !(low > 0)) return null;
  const perSecond = promiseOf(low);
  const signInsPerHour = Math.round(perSecond * 3_600);
  return {
    perSecond,
    signInsPerHour,
    pairingsPerHour: pairingShare === null ? null : Math.floor(signInsPerHour * pairingShare + 1e-9),
    signingIn: flowSeconds === null ? null : perSecond * flowSeconds,
  };
}

/** Whether a rate is shown to hold. An undecided one is not, so that no gate passes by mistake. */
export function shows({ low }: Pick<CapacityAnswer, 'low'>, atLeast: number): boolean {
  return low !== null && low >= atLeast;
}

const number = (value: number): string =>
  value >= 1_000 ? Math.round(value).toLocaleString('en-US') : `${Number(value.toPrecision(3))}`;
const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;

/** A time for people: `45 s`, `20 min`. */
const time = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${number(Math.ceil(seconds / 60))} min`;

/** People are whole. */
export const peopleOf = (mean: number): number => Math.max(1, Math.round(mean));

/** The first sentence for each verdict. */
const FIRST: Readonly<Record<CapacityVerdict, (answer: CapacityAnswer) => string>> = {
  found: (answer) => `${number(answer.rate!)} sign-ins/s meet the objective (${interval(answer)})${beyond(answer)}.`,
  'at-least': (answer) =>
    answer.rate === null
      ? `At least ${number(answer.low!)} sign-ins/s meet the objective: the highest rate allowed held.`
      : `At least ${number(answer.low!)} sign-ins/s meet the objective; the limit is near the highest rate allowed, or above it.`,
  'not-even': (answer) => `Not even ${number(answer.limitAt!)} sign-ins/s meet the objective${because(answer)}.`,
  budget: (answer) =>
    answer.high === null
      ? answer.low === null
        ? `No rate is known to meet the objective${at(answer, 'tried')}: the budget of ${time(answer.budgetSeconds)} ended.`
        : `At least ${number(answer.low)} sign-ins/s meet the objective: the budget of ${time(answer.budgetSeconds)} ended before any rate failed it.`
      : `${between(answer)}${beyond(answer)}. ` +
        `The budget of ${time(answer.budgetSeconds)} ended${answer.moreSeconds === null ? '' : `; ${time(answer.moreSeconds)} more would give ±\u00a0${percent(answer.precision)}`}.`,
  generator: (answer) => `${least(answer)}; the load generator was the limit at ${number(answer.limitAt!)}.`,
  stopped: (answer) =>
    `${answer.high === null || answer.low === null ? least(answer) : `${between(answer)}${beyond(answer)}`}, ` +
    `as far as ${answer.played === 1 ? 'one level tells' : `${answer.played} levels tell`}: the search was stopped${answer.stoppedBy === null ? '' : ` (${answer.stoppedBy})`}.`,
  'one-address': (answer) =>
    `${least(answer)}; at ${number(answer.limitAt!)} the run hit the limit of one source address, not the deployment's.`,
};

/** Not: rates between the two, which would read as if lower ones failed. */
const between = ({ low, high, confidence }: CapacityAnswer): string =>
  `The most that meets the objective is between ${number(low!)} and ${number(high!)} sign-ins/s (${percent(confidence)} confidence)`;
const interval = ({ low, high, confidence }: CapacityAnswer): string =>
  `${percent(confidence)}: ${number(low!)} to ${number(high!)}`;
const beyond = ({ binding }: CapacityAnswer): string =>
  binding === null ? '' : `; beyond that, ${binding.name} is the first to reach ${binding.limit}`;
const because = ({ binding }: CapacityAnswer): string =>
  binding === null ? '' : `: ${binding.name} is not below ${binding.limit}`;
const at = ({ limitAt }: CapacityAnswer, did: string): string =>
  limitAt === null ? '' : `, ${number(limitAt)}/s ${did} last`;
const least = (answer: CapacityAnswer): string =>
  answer.low === null
    ? 'No rate is known to meet the objective'
    : `At least ${number(answer.low)} sign-ins/s meet the objective${answer.high === null ? '' : ` (${interval(answer)})`}`;

/** What the answer comes to in an hour, with its error: pairings first, which are what is asked for. */
function inAnHour({ rate, low, high, confidence }: CapacityAnswer, { pairingShare }: PlannerFigures): string[] {
  if (low === null || pairingShare === null) return [];
  const [pairings, signIns] = [pairingShare * 3_600, 3_600].map(
    (times) =>
      (value: number): string =>
        number(Number((value * times).toPrecision(3))),
  );
  return [
    rate === null || high === null
      ? `In an hour that is at least ${pairings!(low)} pairings, of ${signIns!(low)} sign-ins.`
      : `In an hour that is ${pairings!(rate)} pairings (${percent(confidence)}: ${pairings!(low)} to ${pairings!(high)}), of ${signIns!(rate)} sign-ins.`,
  ];
}

/** What can be promised per hour, and how many people sign in at any time. */
function promise(answer: CapacityAnswer, figures: PlannerFigures): string[] {
  const plan = planOf(answer, figures);
  if (plan === null) return [];
  const pairings = plan.pairingsPerHour === null ? '' : `, ${number(plan.pairingsPerHour)} of them pairings`;
  const people =
    plan.signingIn === null ? '' : `; about ${number(peopleOf(plan.signingIn))} people are signing in at any time`;
  return [
    `Safe to promise: ${number(plan.perSecond)}/s, or ${number(plan.signInsPerHour)} sign-ins an hour${pairings}${people}.`,
  ];
}

/** How the confirmation ended. */
const PROVEN: Readonly<Record<LevelVerdict, string>> = {
  held: 'and held',
  broke: 'and did not hold',
  undecided: 'and stayed undecided',
};

/** That the target was another at the end. */
const changedSentence = ({ rate, firstMs, lastMs }: NonNullable<CapacityAnswer['targetChanged']>): string =>
  `The target changed during the search: at ${number(rate)}/s the median was ${milliseconds(firstMs)} at first and ${milliseconds(lastMs)} at the end.`;

/** That a rate which had held did not hold after a higher one. */
export const hysteresisSentence = ({
  held,
  after,
  recoveredSeconds,
}: NonNullable<CapacityAnswer['hysteresis']>): string =>
  `After an overload the target does not recover on its own: ${number(held)}/s held before ${number(after)}/s was tried, not after; ${recoveredSeconds === null ? 'it was not seen to recover' : `at one flow a second it took ${time(recoveredSeconds)} to recover`}.`;

/** That levels contradict each other. */
export const contradictionSentence = ({ held, broke }: NonNullable<CapacityAnswer['contradiction']>): string =>
  `The levels contradict each other: ${number(held)}/s held, and ${held === broke ? 'the same rate' : `${number(broke)}/s`} did not later; the target changed, or had not recovered from an overload.`;

/** What makes an answer doubtful: the target was not the same all the time. */
export const doubtSentences = ({
  targetChanged,
  contradiction,
  hysteresis,
}: Pick<CapacityAnswer, 'targetChanged' | 'contradiction' | 'hysteresis'>): readonly string[] => [
  ...(targetChanged === null ? [] : [changedSentence(targetChanged)]),
  ...(contradiction == null ? [] : [contradictionSentence(contradiction)]),
  ...(hysteresis === null ? [] : [hysteresisSentence(hysteresis)]),
];

/** Caveats. */
function remarks(answer: CapacityAnswer): string[] {
  const { proof, unsettled, withoutSamples, verdict } = answer;
  return [
    ...doubtSentences(answer),
    proof !== null &&
      `${number(proof.rate)}/s was played once more, to confirm the lower end, ${PROVEN[proof.verdict]}.`,
    verdict === 'found' && proof === null && 'There was no time to confirm the lower end.',
    unsettled.length > 0 && `Not settled, so counted half: ${unsettled.map(number).join(', ')}/s.`,
    withoutSamples.length > 0 && `Not judged, because there were no samples: ${withoutSamples.join(', ')}.`,
  ].filter((sentence) => sentence !== false);
}

/** The answer in sentences, the main one first. */
export function sentencesOf(answer: CapacityAnswer, figures: PlannerFigures): readonly string[] {
  return [FIRST[answer.verdict](answer), ...inAnHour(answer, figures), ...promise(answer, figures), ...remarks(answer)];
}
