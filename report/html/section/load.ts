import type { Heatmap, ReportModel, Throughput } from '../../model/report-model.ts';
import type { TimeAxis } from '../../model/time-model.ts';
import { NOTHING, quantity } from '../../quantity.ts';
import { heatChart } from '../chart/heat-chart.ts';
import { lineChart } from '../chart/line-chart.ts';
import type { ChartBand } from '../chart/line-chart.ts';
import { html } from '../markup.ts';
import type { Markup } from '../markup.ts';

/** How long requests took, when. */
export function latencySection(heat: Heatmap, time: TimeAxis): Markup {
  return html`<p class="lead">
      Each cell counts the ${heat.of} of a moment that took so long. The axis of latency and the darkness are
      logarithmic, so that a few slow requests are seen beside many fast ones.
    </p>
    ${heatChart('heat', 'Latency over time', heat, time)}`;
}

/** What was planned against what took place. */
export function throughputSection(flow: Throughput, time: TimeAxis, bands: readonly ChartBand[]): Markup {
  const { unit, planned, started, ended, dropped, totals, vus, requests } = flow;
  const droppedAny = totals.dropped > 0;
  return html`<p class="law">
      ${
        totals.planned !== null &&
        html`<b>${quantity(Math.round(totals.planned), 'count')}</b> planned by the schedule, `
      }<b>${quantity(totals.started, 'count')}</b> ${unit} started, <b>${quantity(totals.ended, 'count')}</b> ended,
      ${
        droppedAny
          ? html`<span class="not">✗ ${quantity(totals.dropped, 'count')} dropped</span>`
          : html`<b>0</b> dropped`
      }
    </p>
    <p class="quiet">
      ${
        droppedAny
          ? 'A start is dropped when no virtual user is free, because flows wait for the target: a finding about the target, or a limit of the plan.'
          : planned === null
            ? 'No scenario of this run plans arrivals: its virtual users start a flow when they have ended one.'
            : 'Every start that was due took place.'
      }
    </p>
    <div class="charts">
      ${lineChart({
        id: 'throughput',
        title: `${unit === 'flows' ? 'Flows' : 'Iterations'} per second`,
        unit: 'perSecond',
        time,
        lines: [
          ...(planned === null ? [] : [{ name: 'planned', style: 'plan' as const, values: planned }]),
          ...(unit === 'flows' ? [{ name: 'started', style: 'p95' as const, values: started }] : []),
          { name: 'ended', style: unit === 'flows' ? 'p50' : 'p95', values: ended },
          ...(droppedAny ? [{ name: 'dropped', style: 'bad' as const, values: dropped }] : []),
        ],
        bands,
      })}
      ${lineChart({ id: 'requests', title: 'Requests per second', unit: 'perSecond', time, lines: [{ name: 'all requests', style: 'p95', values: requests }], bands })}
      ${lineChart({ id: 'vus', title: 'Virtual users in use', unit: 'count', time, lines: [{ name: 'virtual users', style: 'p95', values: vus }], bands })}
    </div>`;
}

/** How the load generator itself did. */
export function generatorSection({ generator, time, run }: ReportModel): Markup {
  const { judged, ownDelay, stepLateness, cpuCores, memoryBytes, connections, eventLoopOverTime, startLagOverTime } =
    generator;
  const cpus = run.machines.reduce((sum, machine) => sum + machine.cpus, 0);
  const facts: readonly (readonly [string, string])[] = [
    ['CPU', ownDelay === null ? NOTHING : `${quantity(ownDelay.cpuCores, 'cores')}${cpus > 0 ? ` of ${cpus}` : ''}`],
    [
      'Garbage collection',
      ownDelay === null
        ? NOTHING
        : `${quantity(ownDelay.gc.share, 'share')} of the time, longest ${quantity(ownDelay.gc.maxMs, 'ms')}`,
    ],
    [
      'Steps of users late',
      stepLateness.count === 0
        ? NOTHING
        : `p99 ${quantity(stepLateness.p99, 'ms')}, longest ${quantity(stepLateness.max, 'ms')}`,
    ],
    ['Largest memory', largest(memoryBytes, 'bytes')],
    ['Most connections', largest(connections, 'count')],
  ];
  return html`<p class="lead">
      A run whose generator was late is invalid, not slow: beyond these limits the numbers would say nothing about the
      target.
    </p>
    <dl class="figures">
      ${judged.map(
        ({ what, p99Ms, maxMs, limitMs, ok }) =>
          html`<div${ok ? '' : html` class="attention"`}><dt>${what}, p99</dt><dd><span class="value">${quantity(p99Ms, 'ms')}</span><br><span class="detail">${ok ? '✓ within' : '✗ beyond'} the limit of ${quantity(limitMs, 'ms')}; longest ${quantity(maxMs, 'ms')}</span></dd></div>`,
      )}${facts
        .filter(([, value]) => value !== NOTHING)
        .map(
          ([what, value]) =>
            html`<div>
              <dt>${what}</dt>
              <dd><span class="value small">${value}</span></dd>
            </div>`,
        )}
    </dl>
    ${judged.length === 0 && html`<p class="quiet">The record holds no measurement of the load generator, so nothing confirms that it kept up.</p>`}
    ${
      time !== null &&
      html`<div class="charts">
        ${lineChart({
          id: 'event-loop',
          title: 'Event loop delay',
          unit: 'ms',
          time,
          lines: [
            { name: 'p50', style: 'p50', values: eventLoopOverTime.p50 },
            { name: 'p99', style: 'p99', values: eventLoopOverTime.p99 },
          ],
        })}
        ${lineChart({
          id: 'start-lag',
          title: 'Iterations started late by',
          unit: 'ms',
          time,
          lines: [
            { name: 'p50', style: 'p50', values: startLagOverTime.p50 },
            { name: 'p99', style: 'p99', values: startLagOverTime.p99 },
          ],
        })}
        ${lineChart({ id: 'cpu', title: 'CPU of the load generator', unit: 'cores', time, lines: [{ name: 'CPU', style: 'p95', values: cpuCores }] })}
        ${lineChart({ id: 'memory', title: 'Memory of the load generator', unit: 'bytes', time, lines: [{ name: 'resident memory', style: 'p95', values: memoryBytes }] })}
        ${lineChart({ id: 'connections', title: 'Open connections', unit: 'count', time, lines: [{ name: 'connections', style: 'p95', values: connections }] })}
      </div>`
    }`;
}

function largest(values: readonly (number | null)[], unit: 'bytes' | 'count'): string {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? NOTHING : quantity(Math.max(...known), unit);
}
