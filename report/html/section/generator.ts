import type { GeneratorView } from '../../model/generator-model.ts';
import type { ReportModel } from '../../model/report-model.ts';
import type { OverTime, TimeAxis } from '../../model/trend-summary.ts';
import { quantity, roundQuantity } from '../../quantity.ts';
import type { Unit } from '../../quantity.ts';
import { lineChart } from '../chart/line-chart.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { figures } from './figures.ts';
import type { Figure } from './figures.ts';

/** Health and resource use of the load generator. */
export function generatorSection({ generator, time, run }: ReportModel): Markup {
  const cpus = run.machines.reduce((sum, machine) => sum + machine.cpus, 0);
  const list = [...judged(generator), ...costs(generator, cpus)];
  return markup`<p class="lead">
      If the load generator was late, the run is invalid, not slow: beyond these limits the numbers say nothing about the target.
    </p>
    ${list.length > 0 && figures(list)}
    ${
      generator.judged.length === 0 &&
      markup`<p class="quiet">The record has no delays of the load generator, so nothing confirms that it kept up.</p>`
    }
    ${time !== null && markup`<div class="charts">${charts(generator, time)}</div>`}`;
}

function judged({ judged: rows }: GeneratorView): Figure[] {
  return rows.map(({ what, p99Ms, maxMs, limitMs, ok }) => ({
    label: `${what}, p99`,
    value: quantity(p99Ms, 'ms'),
    detail: `${ok ? '✓ within' : '✗ beyond'} the limit of ${roundQuantity(limitMs, 'ms')}; longest ${quantity(maxMs, 'ms')}`,
    attention: !ok,
  }));
}

function costs({ ownDelay, stepLateness, cpuCores, memoryBytes, connections }: GeneratorView, cpus: number): Figure[] {
  const cpu = ownDelay?.cpuCores ?? null;
  return [
    ...(stepLateness.count === 0
      ? []
      : [
          {
            label: 'Timer lag, p99',
            value: quantity(stepLateness.p99, 'ms'),
            detail: `longest ${quantity(stepLateness.max, 'ms')}`,
          },
        ]),
    ...(cpu === null
      ? []
      : [
          {
            label: 'CPU',
            value: quantity(cpu, 'cores'),
            detail: `over the whole run${cpus > 0 ? `, of ${cpus} CPUs` : ''}${peak(cpuCores, 'cores')}`,
          },
        ]),
    ...(ownDelay === null
      ? []
      : [
          {
            label: 'Garbage collection',
            value: quantity(ownDelay.gc.share, 'share'),
            detail: `of the time, longest pause ${quantity(ownDelay.gc.maxMs, 'ms')}${young(ownDelay.gc.youngMiB)}`,
          },
        ]),
    ...largest('Memory', memoryBytes, 'bytes'),
    ...largest('Open connections', connections, 'count'),
  ];
}

function charts(generator: GeneratorView, time: TimeAxis): readonly Markup[] {
  const { eventLoopOverTime, startLagOverTime, cpuCores, memoryBytes, connections } = generator;
  const late = (id: string, title: string, { p50, p99 }: OverTime): Markup =>
    lineChart({
      id,
      title,
      unit: 'ms',
      time,
      lines: [
        { name: 'p50', style: 'p50', values: p50 },
        { name: 'p99', style: 'p99', values: p99 },
      ],
    });
  const gauge = (id: string, title: string, unit: Unit, values: readonly (number | null)[]): Markup =>
    lineChart({ id, title, unit, time, lines: [{ name: 'largest', style: 'p95', values }] });
  return [
    late('event-loop', 'Event-loop delay', eventLoopOverTime),
    late('start-lag', 'Start lag', startLagOverTime),
    gauge('cpu', 'CPU of the load generator', 'cores', cpuCores),
    gauge('memory', 'Memory of the load generator', 'bytes', memoryBytes),
    gauge('connections', 'Open connections', 'count', connections),
  ];
}

/** The limit of each thread's young generation, which the engine sizes by the plan. */
function young(mib: number | undefined): string {
  return mib === undefined ? '' : `; young generation up to ${mib} MiB a thread`;
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}

function peak(values: readonly (number | null)[], unit: Unit): string {
  const some = known(values);
  return some.length === 0 ? '' : `; ${quantity(Math.max(...some), unit)} at most`;
}

function largest(label: string, values: readonly (number | null)[], unit: Unit): Figure[] {
  const some = known(values);
  return some.length === 0 ? [] : [{ label, value: quantity(Math.max(...some), unit), detail: 'at most' }];
}
