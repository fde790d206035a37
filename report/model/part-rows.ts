import { LEVELS, NO_FAULT, PHASES, STANDARD_FAULTS } from '../../catalogue/phases.ts';
import { addToTotal, emptyTotal } from '../../contract/series-counts.ts';
import type { SeriesTotal, Tags } from '../../contract/series-counts.ts';
import type { SeriesTotals } from '../../contract/series-totals.ts';
import type { PartTag, RecordFold } from '../../record/record-fold.ts';
import { isAnswered, rateOf, sumOf } from '../../record/record-totals.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { FaultRow, PhaseRow } from './report-model.ts';
import type { FaultWindow } from './resilience-view.ts';
import { trendSummary } from './trend-summary.ts';

const ORDER: Readonly<Record<PartTag, readonly string[]>> = { phase: PHASES, level: LEVELS };

/**
 * Results by part of the run, as named by a tag; empty without such a tag. Only requests to PingFederate are counted,
 * as not every metric has every tag.
 */
export function partRows(fold: RecordFold, tag: PartTag, intervalMs: number): PhaseRow[] {
  const { totals } = fold;
  const known = ORDER[tag];
  const order = (name: string): number => (known.includes(name) ? known.indexOf(name) : known.length);
  const by = (metric: string, of?: Tags): ReadonlyMap<string, SeriesTotal> => byTag(totals, metric, tag, of);
  const durations = byTag(totals, 'http_req_duration', tag, { peer: 'pf' }, isAnswered);
  const failures = by('http_req_failed', { peer: 'pf' });
  const flows = by('flows');
  const mismatches = by('outcome_mismatch');
  return [...fold.spans(tag)]
    .sort(([a, seenA], [b, seenB]) => order(a) - order(b) || seenA.first - seenB.first)
    .map(([name, { first, last, active }]) => {
      const duration = trendSummary(durations.get(name));
      const { samples, passes } = rateOf(mismatches.get(name));
      const requests = rateOf(failures.get(name));
      return {
        name,
        fromMs: first * intervalMs,
        toMs: (last + 1) * intervalMs,
        activeMs: active * intervalMs,
        flows: sumOf(flows.get(name)),
        requests: requests.samples,
        requestsPerSecond: (requests.samples * 1_000) / (active * intervalMs),
        failed: requests.passes,
        duration,
        judged: samples,
        notAsPrescribed: passes,
      };
    });
}

/** Totals of a metric by the value of a tag, limited to series with the tags `of`. */
function byTag(
  totals: SeriesTotals,
  metric: string,
  tag: string,
  of: Tags = {},
  only?: (tags: Tags) => boolean,
): ReadonlyMap<string, SeriesTotal> {
  const wanted = Object.entries(of);
  const type = totals.metrics().find((known) => known.metric === metric)?.type;
  const sums = new Map<string, SeriesTotal>();
  if (type === undefined) return sums;
  for (const { tags, total } of totals.breakdown(metric, [tag, ...Object.keys(of)], only)) {
    if (!wanted.every(([name, value]) => tags[name] === value)) continue;
    const value = tags[tag] ?? '';
    let sum = sums.get(value);
    if (sum === undefined) sums.set(value, (sum = emptyTotal(type)));
    addToTotal(type, sum, total);
  }
  return sums;
}

/** Impact of each fault of a resilience run; empty for any other run. */
export function faultRows(totals: SeriesTotals): FaultRow[] {
  const durations = byTag(totals, 'phase_duration', 'fault');
  const failures = byTag(totals, 'phase_failed', 'fault');
  const begun = byTag(totals, 'fault_injections', 'fault', { edge: 'start' });
  const named = byTag(totals, 'faults_seen', 'fault', { how: 'named' });
  const cut = byTag(totals, 'faults_seen', 'fault', { how: 'cut' });
  const resent = byTag(totals, 'faults_seen', 'fault', { how: 'resent' });
  const served = byTag(totals, 'faults_served', 'fault');
  const order = [NO_FAULT, ...STANDARD_FAULTS] as readonly string[];
  const at = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  const names = [...new Set([...durations.keys(), ...begun.keys()])].sort((a, b) => at(a) - at(b));
  return names.map((fault) => ({
    fault,
    begun: sumOf(begun.get(fault)),
    named: sumOf(named.get(fault)),
    cut: sumOf(cut.get(fault)),
    resent: sumOf(resent.get(fault)),
    served: sumOf(served.get(fault)),
    requests: trendSummary(durations.get(fault)).count,
    failed: rateOf(failures.get(fault)).passes,
    duration: trendSummary(durations.get(fault)),
  }));
}

/**
 * From each start of a fault to its next end, or to the end of the record: as confirmed, or to the interval where the
 * record does not say the moment.
 */
export function faultWindows(
  { totals, faultEdges }: Pick<RecordFold, 'totals' | 'faultEdges'>,
  { intervalMs, startedAt }: Pick<RunFile, 'intervalMs' | 'startedAt'>,
  recordedMs: number,
): FaultWindow[] {
  const confirmed = new Map(
    totals
      .breakdown('fault_edge_ms', ['fault', 'edge'])
      .map(({ tags, total }) => [
        `${tags['edge']} ${tags['fault']}`,
        'value' in total ? total.value - Date.parse(startedAt) : NaN,
      ]),
  );
  const at = (fault: string, edge: string, index: number): number => {
    const moment = confirmed.get(`${edge} ${fault}`) ?? NaN;
    return moment >= 0 && moment <= recordedMs ? moment : index * intervalMs;
  };
  return faultEdges.flatMap(({ index, fault, edge }, nth) => {
    if (edge !== 'start') return [];
    const end = faultEdges.slice(nth + 1).find((later) => later.fault === fault && later.edge === 'end');
    const toMs = end === undefined ? recordedMs : at(fault, 'end', end.index + 1);
    return [{ fault, kind: 'fault', fromMs: at(fault, 'start', index), toMs }];
  });
}
