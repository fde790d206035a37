import type { SummaryData } from '../../contract/figures.ts';
import type { SummaryGroup } from './summary.ts';

/** A group as in `--summary-export`: groups and checks by name. */
interface ExportedGroup {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly groups: Readonly<Record<string, ExportedGroup>>;
  readonly checks: Readonly<Record<string, unknown>>;
}

/**
 * The summary in the flat form of k6's `--summary-export` (k6-contract.md 4.5): values directly in the metric, a rate
 * as `value`, and a threshold is **true if it was crossed**.
 */
export function summaryExport({ root_group, metrics }: SummaryData): object {
  return {
    root_group: exportGroup(root_group as SummaryGroup),
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([name, { type, values, thresholds }]) => {
        const { rate, ...others } = values;
        const flat = type === 'rate' ? { ...others, value: rate } : values;
        const crossed = Object.entries(thresholds ?? {}).map(([expression, { ok }]) => [expression, !ok] as const);
        return [name, crossed.length === 0 ? flat : { ...flat, thresholds: Object.fromEntries(crossed) }];
      }),
    ),
  };
}

function exportGroup({ name, path, id, groups, checks }: SummaryGroup): ExportedGroup {
  return {
    name,
    path,
    id,
    groups: Object.fromEntries(groups.map((group) => [group.name, exportGroup(group)])),
    checks: Object.fromEntries(checks.map((check) => [check.name, check])),
  };
}
