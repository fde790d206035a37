import { valuesOf } from '../../contract/series-counts.ts';
import type { SummaryData, SummaryMetric } from '../../contract/summary-data.ts';
import type { TestRun } from '../test-run.ts';
import { Selection, select } from './selection.ts';
import { RateSeries } from './series.ts';
import type { Thresholds } from './thresholds.ts';

/** The sub-metric that every run shows (k6-contract.md 4.2). */
const ALWAYS_SHOWN = 'http_req_duration{expected_response:true}';

/** A group of the summary's tree (k6-contract.md 4.5). */
interface SummaryGroup {
  readonly name: string;
  readonly path: string;
  readonly groups: SummaryGroup[];
  readonly checks: { readonly name: string; readonly path: string; passes: number; fails: number }[];
}

/** What `handleSummary` gets (k6-contract.md 4.5). A metric without samples is absent unless it has a threshold. */
export function summaryData(run: TestRun, thresholds: Thresholds, durationMs: number, setupData: unknown): SummaryData {
  const stats = run.settings?.summaryTrendStats ?? [];
  const metrics: Record<string, SummaryMetric> = {};
  const show = (name: string, selection: Selection, always: boolean): void => {
    const series = selection.merged();
    if (series.samples === 0 && !always) return;
    const own = thresholds.all.filter((threshold) => threshold.selector === name);
    const verdicts = Object.fromEntries(own.map(({ expression, ok }) => [expression.text, { ok }]));
    const { type, contains } = selection.metric;
    const values = valuesOf(series, stats, durationMs / 1_000);
    metrics[name] = { type, contains, values, ...(own.length > 0 ? { thresholds: verdicts } : {}) };
  };
  for (const metric of run.registry.all()) {
    const threshold = thresholds.selectors.get(metric.name);
    show(metric.name, threshold ?? new Selection(metric, {}), threshold !== undefined);
  }
  for (const [selector, selection] of thresholds.selectors) show(selector, selection, true);
  if (!thresholds.selectors.has(ALWAYS_SHOWN)) show(ALWAYS_SHOWN, select(run.registry, ALWAYS_SHOWN)!, false);
  return {
    root_group: groupTree(run),
    options: { summaryTrendStats: stats, summaryTimeUnit: run.settings?.summaryTimeUnit ?? '' },
    state: { testRunDurationMs: durationMs, isStdOutTTY: false, isStdErrTTY: false },
    metrics,
    ...(setupData === undefined ? {} : { setup_data: setupData }),
  };
}

/** Names of the summary that had no sample; a counter without one is a count of zero. */
export function withoutSamples(thresholds: Thresholds): ReadonlySet<string> {
  const empty = [...thresholds.selectors].filter(
    ([, selection]) => selection.metric.type !== 'counter' && selection.merged().samples === 0,
  );
  return new Set(empty.map(([selector]) => selector));
}

/** Groups and checks as a tree, read off the tags of the `checks` and `group_duration` series. */
function groupTree(run: TestRun): SummaryGroup {
  const root: SummaryGroup = { name: '', path: '', groups: [], checks: [] };
  const groupAt = (path: string): SummaryGroup => {
    let at = root;
    for (const name of path.split('::').slice(1)) {
      let next = at.groups.find((group) => group.name === name);
      if (next === undefined) at.groups.push((next = { name, path: `${at.path}::${name}`, groups: [], checks: [] }));
      at = next;
    }
    return at;
  };
  for (const series of run.registry.builtIn('group_duration').series) groupAt(series.tags['group'] ?? '');
  for (const series of run.registry.builtIn('checks').series) {
    if (!(series instanceof RateSeries)) continue;
    const group = groupAt(series.tags['group'] ?? '');
    const name = series.tags['check'] ?? '';
    let check = group.checks.find((known) => known.name === name);
    if (check === undefined) group.checks.push((check = { name, path: `${group.path}::${name}`, passes: 0, fails: 0 }));
    check.passes += series.passes;
    check.fails += series.samples - series.passes;
  }
  return root;
}
