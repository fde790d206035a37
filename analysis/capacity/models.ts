import { equivalentWorkers } from './equivalent-workers.ts';
import type { EquivalentWorkers, NoWorkers } from './equivalent-workers.ts';
import { FEWEST_LEVELS, FULL, cpuLaw } from './utilisation.ts';
import type { CpuLaw, ModelLevel, NoCpuLaw } from './utilisation.ts';

/** Models beside an answer. None of them is part of it, and each is told only where its conditions hold. */
export interface Models {
  readonly cpu: CpuLaw | null;
  /** Why there is no law of CPU; null: there is. */
  readonly noCpu: 'not-recorded' | NoCpuLaw['code'] | null;
  readonly workers: EquivalentWorkers | null;
  readonly noWorkers: NoWorkers | null;
}

/** The answer that they stand beside. */
interface Answered {
  /** Null: only bounds are known. */
  readonly rate: number | null;
  readonly confidence: number;
}

/** What the levels of a search say besides its answer, with the sentences on it. `cores`: of the target; null: nobody said. */
export function modelsOf(
  levels: readonly ModelLevel[],
  answer: Answered,
  cores: number | null,
): { readonly models: Models; readonly sentences: readonly string[] } {
  const recorded = levels.some(({ figures }) => figures?.cpu !== undefined);
  // A target that was cold at first was played again at that rate.
  const warm = levels.some(({ purpose }) => purpose === 'cold') ? levels.slice(1) : levels;
  const law = recorded ? cpuLaw(warm, answer, cores) : undefined;
  const workers = equivalentWorkers(warm);
  const models: Models = {
    ...(law === undefined
      ? { cpu: null, noCpu: 'not-recorded' }
      : 'code' in law
        ? { cpu: null, noCpu: law.code }
        : { cpu: law, noCpu: null }),
    ...(typeof workers === 'string' ? { workers: null, noWorkers: workers } : { workers, noWorkers: null }),
  };
  return {
    models,
    sentences: [
      ...(law === undefined
        ? []
        : ['code' in law ? `CPU beside it: not told. ${WHY[law.code](law as never)}` : cpuWords(law, answer)]),
      ...(typeof workers === 'string' ? [] : [workersWords(workers)]),
    ],
  };
}

const number = (value: number): string =>
  value >= 1_000 ? Math.round(value).toLocaleString('en-US') : `${Number(value.toPrecision(3))}`;
const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Why there is no law, in words. */
const WHY: { readonly [Code in NoCpuLaw['code']]: (why: Extract<NoCpuLaw, { readonly code: Code }>) => string } = {
  'too-few': ({ levels }) =>
    levels === 0
      ? 'No level that did not break has it: process_cpu_seconds_total of each node, over half of its time.'
      : `It was recorded at ${levels === 1 ? 'one rate' : `${levels} rates`} that did not break; it takes ${FEWEST_LEVELS}.`,
  flat: () => 'The levels do not show that it rises with the rate.',
  crooked: ({ rate, cores, byLaw }) =>
    `It does not rise in a line with the rate: at ${number(rate)}/s ${number(cores)} cores were in use, ${number(byLaw)} by the line. The target was not warm, or something else used them.`,
  'more-cores': ({ used, cores }) => `${number(used)} cores were in use, of ${number(cores)} (--target-cores).`,
};

/** What the limit is, in words. */
const LIMIT: Readonly<Record<NonNullable<CpuLaw['limit']>, string>> = {
  cpu: 'CPU is near its limit there.',
  other: 'CPU is not the limit: look at pools of threads and connections, locks, PingOne.',
  unknown: 'Whether CPU is the limit is not known.',
};

function cpuWords({ secondsPerFlow, idleCores, cores, fullRate, atAnswer, limit }: CpuLaw, answer: Answered): string {
  const ms = (seconds: number): string => number(1_000 * seconds);
  const { value, low, high } = secondsPerFlow;
  const costs =
    `CPU beside it: a sign-in takes ${ms(value)} ms of CPU (${percent(answer.confidence)}: ${ms(low)} to ${ms(high)})` +
    `, and without load ${Number(Math.max(0, idleCores).toFixed(2))} cores are in use.`;
  if (fullRate === null || cores === null)
    return `${costs} With --target-cores it says at which rate they are all in use.`;
  const there =
    atAnswer === null ? '' : `${percent(atAnswer)} of ${number(cores)} cores are in use at ${number(answer.rate!)}/s, `;
  const full = `${percent(FULL)}${there === '' ? ` of ${number(cores)} cores` : ''} at ${number(fullRate.value)}/s (${number(fullRate.low)} to ${number(fullRate.high)}).`;
  return `${costs} ${there}${full}${limit === null ? '' : ` ${LIMIT[limit]}`}`;
}

const workersWords = ({ workers, serviceMs, mostPerSecond }: EquivalentWorkers): string =>
  `Equivalent workers: it answers as ${number(workers)} workers would that take ${number(serviceMs)} ms for a request, ${number(mostPerSecond)} requests/s at most.`;
