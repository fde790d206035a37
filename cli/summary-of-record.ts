import type { Figures, Values } from '../contract/figures.ts';
import { valuesOf } from '../contract/series-counts.ts';
import type { SeriesTotals } from '../contract/series-totals.ts';
import type { ScenarioName } from '../contract/setting.ts';
import type { Settings } from '../lib/settings.ts';
import { summary } from '../lib/summary.ts';
import type { Section } from '../lib/summary.ts';
import type { RunEnd } from '../record/run-file.ts';
import type { ReportModel } from '../report/model/report-model.ts';
import { faultSection } from './resilience-table.ts';
import { capacityHeadline } from '../scenarios/capacity/answer.ts';
import { levelOf } from '../contract/held-rate.ts';
import { spikeHeadline } from '../scenarios/spike/answer.ts';

/** Headlines of the scenarios that have one. */
const HEADLINES: Readonly<Partial<Record<ScenarioName, (figures: Figures, settings: Settings) => Section>>> = {
  capacity: capacityHeadline,
  spike: spikeHeadline,
};

const TREND_STATS = ['count', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'max'] as const;

/** All figures of a record, not only those the thresholds name. */
function figuresOfRecord(
  totals: SeriesTotals,
  { thresholds, durationMs }: Pick<RunEnd, 'thresholds' | 'durationMs'>,
): Figures {
  const values = (selector: string): Values | undefined => {
    const total = totals.select(selector);
    return total === undefined || total.samples === 0 ? undefined : valuesOf(total, TREND_STATS, durationMs / 1_000);
  };
  return { durationMs, values, thresholds };
}

/** Renders the summary of a built-in scenario from its record. */
export function summaryOfRecord(
  settings: Settings,
  totals: SeriesTotals,
  end: RunEnd,
  model: Pick<ReportModel, 'resilience' | 'faults'>,
): string {
  const figures = figuresOfRecord(totals, end);
  const name: ScenarioName = settings.scenario;
  return summary(name, figures, {
    headline: faultSection(model) ?? HEADLINES[name]?.(figures, settings),
    ended: endedBy(end),
  });
}

/** Thresholds that ended a successful capacity search. */
function endedBy({ findings }: RunEnd): ((metric: string) => boolean) | undefined {
  const broke = findings.find(({ code }) => code === 'capacity_found')?.data['broke'];
  const level = typeof broke === 'object' && broke !== null && 'level' in broke ? broke.level : undefined;
  if (typeof level !== 'string') return undefined;
  return (metric) => metric === 'dropped_iterations' || (levelOf(metric) ?? '') >= level;
}
