import { TARGET_PREFIX } from '../../catalogue/target-metrics.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { listOf, record } from '../../contract/decode.ts';
import { maskUrl } from '../../contract/shown-text.ts';
import { reasonOf } from '../one-line.ts';
import { fetchText } from './fetch-text.ts';
import type { TargetValue } from './gauge-lines.ts';

/** A series to query after the run. */
export interface TargetQuery {
  /** Without the prefix `target_`. */
  readonly name: string;
  readonly promql: string;
}

/** Resolution in seconds; Prometheus allows up to 11,000 points per query. */
const STEP_S = 15;
const MOST_POINTS = 10_000;

/** Parses `--query NAME=PROMQL`. Throws a ConfigurationError. */
export function readQuery(given: string): TargetQuery {
  const [, name, promql] = /^([a-z][a-z0-9_]{0,59})=(.+)$/s.exec(given) ?? [];
  if (name === undefined || promql === undefined) {
    throw new ConfigurationError(
      `--query is "${given}"; write NAME=PROMQL, such as memory=sum(process_resident_memory_bytes{job="pingfederate"})`,
    );
  }
  return { name, promql };
}

const anything = listOf((one) => one);

/** The points of each series in a response (prometheus.io, "HTTP API", range vectors). Throws a DecodeError. */
function seriesOf(answer: unknown): readonly (readonly unknown[])[] {
  const { result } = record(record(answer, 'its answer')['data'], 'data');
  return anything(result, 'data.result').map((one) => anything(record(one, 'a series')['values'], 'values'));
}

/** Runs a range query (`--prometheus URL --query NAME=PROMQL`). Throws a ConfigurationError that names the query. */
export async function queryRange(
  url: string,
  { name, promql }: TargetQuery,
  from: Date,
  to: Date,
): Promise<TargetValue[]> {
  const place = `--query ${name}`;
  const seconds = (to.getTime() - from.getTime()) / 1_000;
  const step = Math.max(STEP_S, Math.ceil(seconds / MOST_POINTS));
  const range = {
    query: promql,
    start: String(from.getTime() / 1_000),
    end: String(to.getTime() / 1_000),
    step: String(step),
  };
  const address = `${url.replace(/\/+$/, '')}/api/v1/query_range?${new URLSearchParams(range).toString()}`;
  let series: readonly (readonly unknown[])[];
  try {
    series = seriesOf(JSON.parse(await fetchText(address)));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'its answer is not JSON' : reasonOf(error);
    throw new ConfigurationError(`${place}: ${maskUrl(url)}: ${reason}`);
  }
  if (series.length > 1)
    throw new ConfigurationError(`${place} gives ${series.length} series; aggregate them into one, such as sum(…)`);
  return (series[0] ?? []).flatMap((point): TargetValue[] => {
    const [time, value] = Array.isArray(point) ? (point as unknown[]) : [];
    const [at, number] = [Number(time) * 1_000, Number(value)];
    return Number.isFinite(at) && Number.isFinite(number) && typeof value === 'string'
      ? [{ metric: TARGET_PREFIX + name, tags: {}, value: number, at }]
      : [];
  });
}
