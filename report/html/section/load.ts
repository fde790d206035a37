import { limitsOn, onLatency } from '../../model/limits.ts';
import type { LatencyView, Throughput } from '../../model/report-model.ts';
import type { TimeAxis, TimeBand } from '../../model/trend-summary.ts';
import { quantity } from '../../quantity.ts';
import { hasCourse } from '../chart/frame.ts';
import { heatChart } from '../chart/heat-chart.ts';
import { lineChart } from '../chart/line-chart.ts';
import { markup } from '../markup.ts';
import type { Content, Markup } from '../markup.ts';
import { table } from '../table.ts';
import { percentileLines } from './paths.ts';
import type { OfTheRun } from './paths.ts';
import { LATENCY_HEADS, latencyCells } from './steps.ts';

/** Percentiles of latency over time, with their limits and the parts of the run; empty without a course. */
export function latencyChart(
  { of, overTime }: LatencyView,
  { time, bands, thresholds }: OfTheRun,
  id: string,
): Content {
  const limits = limitsOn(thresholds, onLatency());
  const title = `Latency of ${of}`;
  return (
    time !== null &&
    lineChart({ id, title, unit: 'ms', time, lines: percentileLines(overTime), bands, limits, wide: true })
  );
}

/** Latency as a whole and over time. */
export function latencySection(latency: LatencyView, time: TimeAxis, run: OfTheRun): Markup {
  const { of, total, heatmap } = latency;
  return markup`${table({
    caption: 'Over the whole run',
    columns: [{ head: 'What' }, { head: 'Count', number: true }, ...LATENCY_HEADS],
    rows: [[`All ${of}`, quantity(total.count, 'count'), ...latencyCells(total)]],
  })}
${
  hasCourse(time) &&
  markup`<p class="quiet">Each cell of the heatmap counts the ${of} of that moment in that latency range. The latency axis and the shading are logarithmic, so that a few slow requests show up beside many fast ones.</p>`
}
<div class="charts">${heatChart('heat', 'Latency over time', of, heatmap, time, run.bands)}
${latencyChart(latency, run, 'latency-time')}</div>`;
}

/** Planned, started and ended, over time. */
export function throughputSection(
  flow: Throughput,
  time: TimeAxis,
  bands: readonly TimeBand[],
  random: boolean,
): Markup {
  const { unit, planned, started, ended, dropped, totals, vus, requests } = flow;
  const droppedAny = totals.dropped > 0;
  return markup`<p class="law">
      ${
        totals.planned !== null &&
        markup`<b>${quantity(Math.round(totals.planned), 'count')}</b> planned by the schedule, `
      }${
        totals.started !== null && markup`<b>${quantity(totals.started, 'count')}</b> ${unit} started, `
      }<b>${quantity(totals.ended, 'count')}</b> ${
        unit === 'flows' ? 'ended' : totals.started === null ? 'iterations completed' : 'completed'
      },
      ${
        droppedAny
          ? markup`<span class="not">✗ ${quantity(totals.dropped, 'count')} dropped</span>`
          : markup`<b>0</b> dropped`
      }
    </p>
    <p class="quiet">${scheduleInWords(flow, random)}</p>
    <div class="charts">
      ${lineChart({
        id: 'throughput',
        title: `${unit === 'flows' ? 'Flows' : 'Iterations'} per second`,
        unit: 'perSecond',
        time,
        lines: [
          ...(planned === null ? [] : [{ name: 'planned', style: 'plan' as const, values: planned }]),
          ...(started === null ? [] : [{ name: 'started', style: 'p95' as const, values: started }]),
          { name: unit === 'flows' ? 'ended' : 'completed', style: started === null ? 'p95' : 'p50', values: ended },
          ...(droppedAny ? [{ name: 'dropped', style: 'bad' as const, values: dropped }] : []),
        ],
        bands,
        wide: true,
      })}
      ${lineChart({ id: 'requests', title: 'Requests per second', unit: 'perSecond', time, lines: [{ name: 'all requests', style: 'p95', values: requests }], bands })}
      ${lineChart({ id: 'vus', title: 'VUs in use', unit: 'count', time, lines: [{ name: 'virtual users', style: 'p95', values: vus }], bands })}
    </div>`;
}

/** So many standard deviations of a Poisson process are chance. */
const SIGMAS = 4;

/** Whether the plan was met, in a sentence; `random`: starts are those of a Poisson process. */
function scheduleInWords({ planned, totals }: Throughput, random: boolean): string {
  if (totals.dropped > 0) {
    return 'A start is dropped when no VU is free because flows are waiting for the target: the target is too slow, or the plan has too few VUs.';
  }
  if (planned === null || totals.planned === null) {
    return 'No scenario of this run plans arrivals: its VUs start their next iteration when the last one has ended.';
  }
  if (totals.started === null) {
    return 'The host did not count started and interrupted iterations, so starts cannot be compared with the plan.';
  }
  const scatter = Math.sqrt(totals.planned);
  if (random && Math.abs(totals.started - totals.planned) <= SIGMAS * scatter)
    return `Starts are drawn at random, like those of independent people (ARRIVALS=poisson): their number scatters by some ${quantity(Math.round(scatter), 'count')} around the plan.`;
  return totals.started < Math.floor(totals.planned * 0.999 - 1)
    ? 'Fewer starts than planned, although none was dropped.'
    : 'Every planned start took place.';
}
