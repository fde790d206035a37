import type { NumberedInterval } from '../../../contract/series-counts.ts';
import { labelsKey } from './labels.ts';
import { MetricTotals } from './metric-totals.ts';
import { END_FACTS, PLAN_FACTS, factSeries } from './run-facts.ts';
import type { RunOutcome, PlannedRunFacts } from './run-facts.ts';
import type { ShownRun, ShownSeries } from './shown-series.ts';
import type { PrometheusStat } from './trend-stats.ts';

/** Everything a run exposes to Prometheus, by scraping or remote write. */
export class RunState implements ShownRun {
  readonly families = new Map<string, ShownSeries[]>();
  readonly #plan: PlannedRunFacts;
  readonly #totals: MetricTotals;
  #ended = false;
  readonly #sinceStart = (unixMs: number): number => (this.#ended ? Infinity : unixMs - this.#plan.startedAtMs);

  constructor(plan: PlannedRunFacts, stats: readonly PrometheusStat[], warn: (line: string) => void) {
    this.#plan = plan;
    this.#totals = new MetricTotals(stats, plan.testid, (series) => this.#show(series), warn);
    for (const series of factSeries(PLAN_FACTS, plan, plan.testid, this.#sinceStart)) this.#show(series);
  }

  add(interval: NumberedInterval): void {
    this.#totals.add(interval);
  }

  /** Adds the facts of the end. */
  finish(outcome: RunOutcome): void {
    this.#ended = true;
    for (const series of factSeries(END_FACTS, outcome, this.#plan.testid, this.#sinceStart)) this.#show(series);
  }

  #show(series: ShownSeries): void {
    const { name } = series.family;
    const family = this.families.get(name);
    if (family === undefined) this.families.set(name, [series]);
    // A threshold given twice is one fact.
    else if (!name.startsWith('pairstorm_threshold') || family.every((known) => differ(known, series)))
      family.push(series);
  }
}

function differ(a: ShownSeries, b: ShownSeries): boolean {
  return labelsKey(a.labels) !== labelsKey(b.labels);
}
