import { FEWEST_RUNS, isJudged } from '../../analysis/comparison/history.ts';
import type { History, HistoryMetric, HistoryRun, HistoryStep } from '../../analysis/comparison/history.ts';
import { counted } from '../quantity.ts';
import { stepInWords, value } from './figures.ts';
import { wrapped } from './text.ts';

/** A step with its metric and its run. */
export interface NamedStep {
  readonly metric: HistoryMetric;
  readonly step: HistoryStep;
  readonly run: HistoryRun;
  /** No later step of this metric. */
  readonly latest: boolean;
}

/** Name of a run: that of its folder. */
export function nameOfRun({ folder }: HistoryRun): string {
  return folder.split(/[/\\]/).findLast((part) => part !== '' && part !== '.') ?? folder;
}

/** All steps, the newest first, worse ones before better ones. */
export function namedSteps({ metrics, runs }: History): readonly NamedStep[] {
  return metrics
    .flatMap((metric) =>
      metric.steps.map((step, at) => ({ metric, step, run: runs[step.at]!, latest: at === metric.steps.length - 1 })),
    )
    .sort((a, b) => b.step.at - a.step.at || Number(a.step.way === 'better') - Number(b.step.way === 'better'));
}

/** The answer in one sentence. */
export function historyInWords(history: History): string {
  const { runs, verdict } = history;
  if (verdict === 'not_comparable')
    return `Not judged: ${runs.length < FEWEST_RUNS ? `${counted(runs.length, 'comparable run')}, and at least ${FEWEST_RUNS} are needed to tell a step from the variation between runs` : `no metric has enough samples in ${counted(runs.length, 'run')}`}.`;
  const decides = namedSteps(history).filter(({ latest, step }) => latest && step.way === verdict);
  const [first] = decides;
  if (first === undefined)
    return `No step shown in ${counted(history.metrics.filter(isJudged).length, 'metric')} over ${counted(runs.length, 'run')}.`;
  const more = decides.length - 1;
  return `${verdict === 'worse' ? 'Worse' : 'Better'} since ${nameOfRun(first.run)}: ${first.metric.name} ${stepInWords(first.step, first.metric.unit)}${more === 0 ? '' : `, and ${more} more ${more === 1 ? 'metric' : 'metrics'}`}.`;
}

/** What changed at a run besides the release: `Pairstorm version 0.1.0 → 0.2.0, RATE 10 → 20`. */
export function changesInWords({ changes }: HistoryRun): string {
  return changes.map(({ what, base, new: later }) => `${what} ${base} → ${later}`).join(', ');
}

/** First and last value of a metric. */
export function endsOf({ values, unit }: HistoryMetric): readonly [first: string, last: string] {
  const known = values.filter((one) => one !== null);
  return [value(known[0]?.value, unit), value(known.at(-1)?.value, unit)];
}

/** A history as lines of 80 columns for a terminal, the verdict last. */
export function historyText(history: History): readonly string[] {
  const { runs, leftOut, metrics } = history;
  const steps = namedSteps(history);
  return [
    ...runs.flatMap((run) =>
      wrapped(`${nameOfRun(run)} (${run.verdict})${run.changes.length === 0 ? '' : `: ${changesInWords(run)}`}`, 4),
    ),
    ...leftOut.flatMap(({ folder, text }) => wrapped(`! left out: ${folder}: ${text}`, 2)),
    '',
    ...steps.flatMap(({ metric, step, run }) =>
      wrapped(`${step.way} since ${nameOfRun(run)}: ${metric.name} ${stepInWords(step, metric.unit)}`, 2),
    ),
    ...(steps.length === 0 ? [] : ['']),
    ...metrics.flatMap((metric) => {
      const [first, last] = endsOf(metric);
      return wrapped(`  ${metric.name}: ${first} to ${last}`, 4);
    }),
    '',
    ...wrapped(`answer: ${historyInWords(history)}`, 2),
  ];
}
