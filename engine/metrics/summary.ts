import { createHash, getFips } from 'node:crypto';
import type { SummaryData, SummaryMetric } from '../../contract/figures.ts';
import { emptyTotal, valuesOf } from '../../contract/series-counts.ts';
import type { MetricKind } from '../../contract/series-totals.ts';
import type { TestRun } from '../test-run.ts';
import type { RunThresholds } from './thresholds.ts';

/** A sub-metric that k6 always shows (k6-contract.md 4.2). */
const ALWAYS_SHOWN = 'http_req_duration{expected_response:true}';

/** A group of the summary's tree (k6-contract.md 4.5); ids are MD5 of the path (section 13). */
export interface SummaryGroup {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly groups: SummaryGroup[];
  readonly checks: {
    readonly name: string;
    readonly path: string;
    readonly id: string;
    passes: number;
    fails: number;
  }[];
}

/** A group without content. */
export function summaryGroup(name: string, path: string): SummaryGroup {
  return { ...named(name, path), groups: [], checks: [] };
}

const named = (name: string, path: string) => ({ name, path, id: md5(path) });

/** Nothing to rely on: a machine in FIPS mode has no MD5, and no ids. */
const md5 = (text: string): string => (getFips() === 1 ? '' : createHash('md5').update(text).digest('hex'));

/** What `handleSummary` gets (k6-contract.md 4.5). A metric without samples is absent unless it has a threshold. */
export function summaryData(
  run: TestRun,
  thresholds: RunThresholds,
  durationMs: number,
  setupData: unknown,
): SummaryData {
  const stats = run.settings?.summaryTrendStats ?? [];
  const metrics: Record<string, SummaryMetric> = {};
  const show = (name: string, { type, contains }: MetricKind, always: boolean): void => {
    const total = run.totals.select(name);
    if (total === undefined && !always) return;
    const own = thresholds.all.filter((threshold) => threshold.selector === name);
    const verdicts = Object.fromEntries(own.map(({ expression, ok }) => [expression.text, { ok }]));
    const values = valuesOf(total ?? emptyTotal(type), stats, durationMs / 1_000);
    metrics[name] = { type, contains, values, ...(own.length > 0 ? { thresholds: verdicts } : {}) };
  };
  for (const kind of run.totals.metrics()) show(kind.metric, kind, thresholds.selectors.has(kind.metric));
  for (const [selector, kind] of thresholds.selectors) show(selector, kind, true);
  if (!thresholds.selectors.has(ALWAYS_SHOWN)) show(ALWAYS_SHOWN, run.totals.metricOf(ALWAYS_SHOWN)!, false);
  return {
    root_group: groupTree(run),
    options: {
      summaryTrendStats: stats,
      summaryTimeUnit: run.settings?.summaryTimeUnit ?? '',
      // A flag of k6's alone; what scripts colour is up to the terminal (state.isStdOutTTY).
      noColor: false,
    },
    state: { testRunDurationMs: durationMs, isStdOutTTY: false, isStdErrTTY: false },
    metrics,
    ...(setupData === undefined ? {} : { setup_data: setupData }),
  };
}

/** Names in the summary without samples; a counter without samples is a count of zero. */
export function withoutSamples({ totals }: TestRun, { selectors }: RunThresholds): ReadonlySet<string> {
  const empty = [...selectors].filter(
    ([selector, { type }]) => type !== 'counter' && totals.select(selector) === undefined,
  );
  return new Set(empty.map(([selector]) => selector));
}

/** Groups and checks as a tree, from the tags of `checks` and `group_duration`. */
function groupTree(run: TestRun): SummaryGroup {
  const root = summaryGroup('', '');
  const groupAt = (path: string): SummaryGroup => {
    let at = root;
    for (const name of path.split('::').slice(1)) {
      let next = at.groups.find((group) => group.name === name);
      if (next === undefined) at.groups.push((next = summaryGroup(name, `${at.path}::${name}`)));
      at = next;
    }
    return at;
  };
  for (const { tags } of run.totals.series('group_duration')) groupAt(tags['group'] ?? '');
  for (const { tags, total } of run.totals.series('checks')) {
    if (!('passes' in total)) continue;
    const group = groupAt(tags['group'] ?? '');
    const name = tags['check'] ?? '';
    let check = group.checks.find((known) => known.name === name);
    if (check === undefined)
      group.checks.push((check = { ...named(name, `${group.path}::${name}`), passes: 0, fails: 0 }));
    check.passes += total.passes;
    check.fails += total.samples - total.passes;
  }
  return root;
}
