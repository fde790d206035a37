import { FAULT_MEASURES } from '../../catalogue/fault-measures.ts';
import type { FaultMeasure } from '../../catalogue/fault-measures.ts';
import { EXTERNAL_FAULT, NETWORK_FAULTS } from '../../catalogue/phases.ts';
import type { FaultVerdict } from './judge-fault.ts';
import type { FaultTimes } from './series.ts';

/**
 * Limits on a fault's effects (the steady-state hypothesis: A. Basiri et al., "Chaos Engineering", IEEE Software 33
 * (2016) 35–41). Each expectation passes, fails, or is not known, by the whole interval of what was measured.
 */
export interface Expectation {
  readonly measure: FaultMeasure;
  /** In seconds, shares from 0 to 1, factors, or flows. */
  readonly limit: number;
}

export type CaseOutcome = 'passed' | 'failed' | 'not_known' | 'error';

/** One JUnit case. */
export interface Checked extends Expectation {
  readonly fault: string;
  readonly outcome: CaseOutcome;
  readonly value: number | null;
  readonly low: number | null;
  /** Null: beyond the observed time, or nothing was measured. */
  readonly high: number | null;
  /** The rate (flows/s) that would settle it; null if it is known or no rate would. */
  readonly rateNeeded: number | null;
}

/** Share of flows that may be lost in addition to those that the fault affects. */
const LOST_BEYOND = 0.01;

/** Faults that only show when the user gives up: their recovery may take all the time there is. */
const SHOWN_LATE: readonly string[] = ['lost-push'];

/** Faults whose share is not one of flows: of connections, or unknown. */
const OTHER_SHARE: readonly string[] = [...NETWORK_FAULTS, EXTERNAL_FAULT];

/** Default expectations of a fault. */
export const usualExpectations = ({
  name,
  recoveryEnd,
  end,
  share,
}: Pick<FaultTimes, 'name' | 'recoveryEnd' | 'end' | 'share'>): Expectation[] => [
  { measure: 'recovery', limit: Math.round((recoveryEnd - end) * (SHOWN_LATE.includes(name) ? 1 : 0.5)) },
  ...(OTHER_SHARE.includes(name) ? [] : [{ measure: 'lost', limit: share + LOST_BEYOND } as const]),
  { measure: 'amplification', limit: 2 },
  { measure: 'stuck', limit: 0 },
  { measure: 'steady after', limit: 0.1 },
];

const TERM = new RegExp(`^(${FAULT_MEASURES.join('|')})\\s*(?:<=?|=)\\s*(\\d+(?:\\.\\d+)?)\\s*(ms|s|m|%)?$`);

const TIMES: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60 };
const SHARES: Readonly<Record<string, number>> = { '%': 0.01 };
/** A number without a unit. */
const PLAIN: Readonly<Record<string, number>> = { '': 1 };

/** Units of each measure, and one to show. Another unit is refused: `lost<2` without one would allow 200 %. */
const UNITS: Readonly<
  Record<FaultMeasure, { readonly units: Readonly<Record<string, number>>; readonly such: string }>
> = {
  recovery: { units: TIMES, such: 's' },
  lost: { units: SHARES, such: '%' },
  amplification: { units: PLAIN, such: '' },
  stuck: { units: PLAIN, such: '' },
  'flow_failure_rate during': { units: SHARES, such: '%' },
  'steady after': { units: SHARES, such: '%' },
};

/** `slow: recovery<30s, lost<2%, amplification<2`. Throws a RangeError that names the invalid term. */
export function parseHypothesis(text: string): { readonly fault: string; readonly expectations: Expectation[] } {
  const [, fault, terms] = /^\s*([^:\s]+)\s*:(.*)$/.exec(text) ?? [];
  if (fault === undefined || terms === undefined) {
    throw new RangeError(`hypothesis "${text}" does not name a fault: write "slow: recovery<30s, lost<2%"`);
  }
  const expectations = terms.split(',').map((term): Expectation => {
    const [, name, value = '', unit = ''] = TERM.exec(term.trim()) ?? [];
    const measure = FAULT_MEASURES.find((one) => one === name);
    if (measure === undefined) {
      throw new RangeError(
        `hypothesis of ${fault}: "${term.trim()}" cannot be parsed: write it as "recovery<30s" or "lost<2%"; it may limit ${FAULT_MEASURES.join(', ')}`,
      );
    }
    const { units, such } = UNITS[measure];
    const factor = units[unit];
    if (factor === undefined) {
      throw new RangeError(
        `hypothesis of ${fault}: "${term.trim()}" has ${unit === '' ? 'no unit' : `the unit ${unit}`}: write it as "${measure}<${value}${such}"`,
      );
    }
    return { measure, limit: Number(value) * factor };
  });
  return { fault, expectations };
}

/** A measured value; `high` null: beyond the observed time. */
interface Measured {
  readonly value: number | null;
  readonly low: number;
  readonly high: number | null;
}

const scaled = ({ value, low, high }: { value: number; low: number; high: number }, by: number): Measured => ({
  ...{ value: value * by, low: low * by, high: high * by },
});

/** The measured value for each expectation; undefined: nothing was measured. */
const MEASURES: Readonly<Record<FaultMeasure, (verdict: FaultVerdict) => Measured | undefined>> = {
  recovery: ({ recovery: { seconds, low, high, looked } }) => ({ value: seconds, low: low ?? looked, high }),
  lost: ({ lost }) => (lost.flows > 0 ? scaled(lost, 1 / lost.flows) : undefined),
  amplification: ({ amplification }) => amplification ?? undefined,
  stuck: ({ stuck }) => stuck,
  'flow_failure_rate during': ({ offDuring }) => offDuring ?? undefined,
  // The worst of the three; shares are in points.
  'steady after': ({ after }) =>
    after === null ? undefined : Object.values(after).reduce((a, b) => (b.low > a.low ? b : a)),
};

/** Whether a value is within the limit; `stuck` = 0 allows 0. */
const keeps = (value: number, { limit }: Expectation): boolean => value <= limit;

/** Checks expectations against what a fault did. */
export function checkFault(verdict: FaultVerdict, expectations: readonly Expectation[]): Checked[] {
  return expectations.map((expected): Checked => {
    const measured = MEASURES[expected.measure](verdict);
    const { value, low, high } = measured ?? { value: null, low: null, high: null };
    const case_ = { ...expected, fault: verdict.name, value, low, high, rateNeeded: null };
    if (verdict.sickBefore.length > 0) return { ...case_, outcome: 'error' };
    if (low === null) return { ...case_, outcome: 'not_known' };
    if (high !== null && keeps(high, expected)) return { ...case_, outcome: 'passed' };
    // If there was no recovery, `low` is the observed time: exceeding the limit with it is a failure.
    if (!keeps(low, expected)) return { ...case_, outcome: 'failed' };
    return { ...case_, outcome: 'not_known', rateNeeded: rateThatTells(verdict.rate, case_) };
  });
}

/** Intervals shrink with the root of the rate: the rate at which half the interval equals the distance to the limit. */
function rateThatTells(rate: number, { value, low, high, limit }: Checked | Omit<Checked, 'outcome'>): number | null {
  if (value === null || low === null || high === null || value === limit) return null;
  const half = value < limit ? high - value : value - low;
  const needed = rate * (half / Math.abs(limit - value)) ** 2;
  return Number.isFinite(needed) ? Math.ceil(Math.max(needed, rate * 1.2)) : null;
}
