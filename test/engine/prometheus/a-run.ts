import type { NamedSeries, NumberedInterval, SeriesCounts } from '../../../contract/series-counts.ts';
import { IntervalOutputs } from '../../../engine/outputs/interval-outputs.ts';
import type { IntervalOutputOptions, IntervalTarget } from '../../../engine/outputs/interval-outputs.ts';
import type { PlannedRunFacts } from '../../../engine/outputs/prometheus/run-facts.ts';
import { DEFAULT_TREND_STATS, readTrendStats } from '../../../engine/outputs/prometheus/trend-stats.ts';

/** A run of one scenario with a planned rate, begun a while ago. */
export const PLAN: PlannedRunFacts = {
  testid: 'nightly',
  script: 'load',
  pairstorm: '1.2.3',
  thresholds: [{ metric: 'http_req_duration{peer:pf}', expression: 'p(95)<500' }],
  intervalMs: 1_000,
  startedAtMs: Date.now() - 60_000,
  scenarios: [
    {
      name: 'load',
      executor: 'ramping-arrival-rate',
      startMs: 0,
      durationMs: 3_600_000,
      arrivals: [
        [0, 20],
        [3_600_000, 20],
      ],
      maxVus: 10,
      phase: 'steady',
    },
  ],
};

/** A series of the record. */
export function series(
  number: number,
  metric: string,
  tags: Readonly<Record<string, string>> = {},
  kind: Partial<Pick<NamedSeries, 'type' | 'contains'>> = {},
): NamedSeries {
  return { number, metric, type: 'counter', contains: 'default', tags, ...kind };
}

/** An interval in which series were named and counted. */
export function interval(
  index: number,
  named: readonly NamedSeries[],
  recorded: readonly (readonly [number, SeriesCounts])[],
): NumberedInterval {
  return { index, named, recorded };
}

/** Opens outputs; what they say and warn of is kept. */
export async function open(
  targets: readonly IntervalTarget[],
  options: Partial<IntervalOutputOptions> = {},
): Promise<{ readonly outputs: IntervalOutputs; readonly said: string[]; readonly warned: string[] }> {
  const [said, warned]: string[][] = [[], []];
  const outputs = await IntervalOutputs.open(targets, {
    trendStats: readTrendStats(DEFAULT_TREND_STATS, 'stats'),
    instance: 'machine-1',
    proxies: { http: '', https: '', no: '' },
    log: (line) => said!.push(line),
    warn: (line) => warned!.push(line),
    ...options,
  });
  return { outputs, said: said!, warned: warned! };
}

/** A signal that never comes. */
export const NEVER = new AbortController().signal;
