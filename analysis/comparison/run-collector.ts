import { LATENCY_ALIASES } from '../../catalogue/metrics.ts';
import { aliasesOf } from '../../contract/selector.ts';
import type { Selected } from '../../contract/selector.ts';
import type { Interval, SeriesName, SeriesTotal } from '../../contract/series-counts.ts';
import { carries } from '../../contract/threshold-expression.ts';
import type { RunFile } from '../../record/run-file.ts';
import { FLOW_METRICS, OF_A_FLOW, SCRIPT_METRICS, ownMetric } from './judged-metrics.ts';
import type { JudgedMetric } from './judged-metrics.ts';
import { FIRST, RunSeries, SECOND } from './run-series.ts';
import { steadyPart } from './steady-part.ts';
import type { SteadyPart } from './steady-part.ts';

/** What a comparison needs of a run. */
export interface CollectedRun {
  readonly run: RunFile;
  readonly part: SteadyPart;
  /** Whether samples of other phases were excluded. */
  readonly onlySteady: boolean;
  /** Values of the tag `phase`. */
  readonly phases: readonly string[];
  /** By name, such as `step_duration{step:token}`. */
  readonly series: ReadonlyMap<string, RunSeries>;
}

type Family = 'flow' | 'script';
interface Target {
  readonly family: Family;
  readonly row: JudgedMetric;
  readonly into: RunSeries;
}

/** Collects what a comparison needs from a record, interval by interval. */
export class RunCollector {
  readonly #run: RunFile;
  readonly #families: Readonly<Record<Family, Map<string, RunSeries>>> = { flow: new Map(), script: new Map() };
  readonly #targets = new WeakMap<SeriesName, readonly Target[]>();
  readonly #phases = new Set<string>();
  #ofFlows = false;
  #lastIndex = -1;

  constructor(run: RunFile) {
    this.#run = run;
  }

  add({ index, recorded }: Interval): void {
    this.#lastIndex = Math.max(this.#lastIndex, index);
    for (const [series, total] of recorded) {
      const { phase } = series.tags;
      let targets = this.#targets.get(series);
      if (targets === undefined) {
        this.#targets.set(series, (targets = this.#targetsOf(series)));
        if (phase !== undefined) this.#phases.add(phase);
      }
      const steady = phase === undefined || phase === STEADY;
      for (const { family, row, into } of targets) {
        if (family === 'flow' || !this.#ofFlows) count(row, into, index, total, steady);
      }
    }
  }

  /** The collected run, without its first `skipMs`. */
  finish(skipMs: number): CollectedRun {
    const { flow, script } = this.#families;
    return {
      run: this.#run,
      part: steadyPart(this.#run, skipMs, this.#lastIndex),
      onlySteady: this.#phases.has(STEADY),
      phases: [...this.#phases].sort(),
      series: this.#ofFlows ? flow : script,
    };
  }

  #targetsOf(series: SeriesName): readonly Target[] {
    if (series.metric === OF_A_FLOW && !this.#ofFlows) {
      this.#ofFlows = true;
      // The other family is not needed, and may be large.
      this.#families.script.clear();
    }
    // Older records also have these samples under the alias.
    const ofFlow = Object.hasOwn(LATENCY_ALIASES, series.metric) ? [] : [series, ...aliasesOf(series)];
    const own = ownMetric(series);
    const rows: readonly (readonly [Family, JudgedMetric])[] = [
      ...FLOW_METRICS.map((row) => ['flow', row] as const),
      ...SCRIPT_METRICS.map((row) => ['script', row] as const),
      ...(own === undefined ? [] : [['script', own] as const]),
    ];
    return rows.flatMap(([family, row]) => {
      const names = (family === 'flow' ? ofFlow : [series]).map((one) => nameIn(row, one));
      const name = names.find((one) => one !== undefined);
      if (name === undefined) return [];
      const known = this.#families[family];
      let into = known.get(name);
      if (into === undefined) known.set(name, (into = new RunSeries(row, series.contains === 'time')));
      return [{ family, row, into }];
    });
  }
}

const STEADY = 'steady';

/** Name of the result to which a series contributes by a row of the table; undefined if it does not. */
function nameIn(row: JudgedMetric, { metric, tags }: Selected): string | undefined {
  const { where = {}, by, except = [] } = row;
  if (metric !== row.metric || !carries(tags, Object.entries(where))) return undefined;
  const value = by === undefined ? undefined : (tags[by] ?? '');
  if (value !== undefined && except.includes(value)) return undefined;
  if (row.title !== undefined) return row.title;
  const named = by === undefined ? where : { ...where, [by]: value };
  const list = Object.entries(named).map(([tag, text]) => `${tag}:${text}`);
  return list.length === 0 ? metric : `${metric}{${list.join(',')}}`;
}

/** Adds a total as the row reads it; two rows may fill one series. */
function count({ reading }: JudgedMetric, into: RunSeries, index: number, total: SeriesTotal, steady: boolean): void {
  if ('histogram' in total) {
    if (reading.read !== 'percentiles') return;
    const { positive, count: all } = total.histogram.encode();
    let above = 0;
    for (let at = 0; at < positive.length; at += 2) {
      above += positive[at + 1]!;
      into.add(index, positive[at]!, positive[at + 1]!, steady);
    }
    if (all > above) into.add(index, 0, all - above, steady);
  } else if ('passes' in total) {
    if (reading.read !== 'share') return;
    into.add(index, FIRST, total.passes, steady);
    into.add(index, SECOND, total.samples - total.passes, steady);
  } else if ('sum' in total) {
    if (reading.read === 'per_second') into.add(index, FIRST, total.sum, steady);
    else if (reading.read === 'share_of_sum')
      into.add(index, reading.part === 'passed' ? FIRST : SECOND, total.sum, steady);
  }
}
