import { VERDICTS, decide } from '../catalogue/verdict.ts';
import type { Verdict } from '../catalogue/verdict.ts';
import {
  DecodeError,
  finite,
  flag,
  listOf,
  nullable,
  oneOf,
  real,
  record,
  recordOf,
  shape,
  text,
  whole,
} from '../contract/decode.ts';
import type { Decoder } from '../contract/decode.ts';
import type { SummaryData, SummaryMetric } from '../contract/figures.ts';
import type { Interval } from '../contract/series-counts.ts';
import type { ThresholdResult } from '../contract/threshold-expression.ts';
import { LONGEST_RUN_MS, RUN_VERSION, findingsOfEarlier } from './run-file.ts';
import type { RunEnd, RunFile } from './run-file.ts';
import { countsOfSummary } from './summary-file.ts';
import { readTextFile } from './text-file.ts';
import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * Version 0 of the run record: result.json and summary.json, no series. It is read as a record with a single interval
 * as long as the run. What it does not hold is empty: settings, plan, machine, and trends, whose percentiles cannot be
 * added up.
 */
export function isVersion0(folder: string): boolean {
  const has = (file: string): boolean => existsSync(join(folder, file));
  // With series it is a later record that lost its run.json, and the damage must not go unnoticed.
  return !has('run.json') && !has('series.jsonl') && ['result.json', 'summary.json'].every(has);
}

/** Throws a DecodeError, or what the file system and JSON.parse throw. */
export function readVersion0(folder: string): { readonly run: RunFile; readonly interval: Interval } {
  const result = decodeResult(json(folder, 'result.json'), join(folder, 'result.json'));
  const summary = decodeSummary(json(folder, 'summary.json'), join(folder, 'summary.json'));
  const name = basename(folder);
  const started = startOf(folder, name);
  const durationMs = summary.state.testRunDurationMs;
  const run: RunFile = {
    record: 'pairstorm-run',
    version: RUN_VERSION,
    testid: name,
    pairstorm: '',
    host: 'engine',
    script: name.replace(TIME_PREFIX, '').replace(/-\d+$/, '') || name,
    startedAt: started.toISOString(),
    intervalMs: Math.max(1, Math.ceil(durationMs)),
    target: null,
    // Also null if the simulator could not be asked; the report then says that it is unknown (report/model/notes.ts).
    simulated: result.simulator !== null,
    seed: null,
    inventory: null,
    settings: {},
    scenarios: [],
    thresholds: result.thresholds.map(({ metric, expression }) => ({ metric, expression })),
    machines: [],
    end: endOf(folder, result, summary, new Date(started.getTime() + durationMs)),
  };
  return { run, interval: { index: 0, recorded: countsOfSummary(summary.metrics) } };
}

/** The fields of result.json that are read; older files lack some. */
interface Result {
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly interrupted: number;
  readonly reason?: string | undefined;
  readonly thresholds: readonly ThresholdResult[];
  readonly simulator: RunEnd['simulator'];
}

const threshold = shape<ThresholdResult>({ metric: text, expression: text, value: nullable(finite), ok: flag });

const decodeResult: Decoder<Result> = (value, place) => {
  const { verdict, exitCode, interrupted, reason, thresholds, simulator, findings } = record(value, place);
  if (findings !== undefined)
    throw new DecodeError(`${place} is from a run that had a run.json and series, which are now missing`);
  return {
    verdict: oneOf(...VERDICTS)(verdict, `${place}: verdict`),
    exitCode: whole(0, 255)(exitCode, `${place}: exitCode`),
    interrupted: whole(0)(interrupted ?? 0, `${place}: interrupted`),
    ...(reason === undefined ? {} : { reason: text(reason, `${place}: reason`) }),
    thresholds: listOf(threshold)(thresholds, `${place}: thresholds`),
    simulator: nullable(shape<{ starts: number }>({ starts: whole(0) }))(simulator ?? null, `${place}: simulator`),
  };
};

const decodeMetric: Decoder<SummaryMetric> = (value, place) => {
  const metric = record(value, place);
  oneOf('counter', 'gauge', 'rate', 'trend')(metric['type'], `${place}.type`);
  oneOf('default', 'time', 'data')(metric['contains'], `${place}.contains`);
  recordOf(finite)(metric['values'], `${place}.values`);
  return value as SummaryMetric;
};

const decodeSummary: Decoder<Pick<SummaryData, 'state' | 'metrics'>> = (value, place) => {
  const { state, metrics } = record(value, place);
  const testRunDurationMs = real(0, LONGEST_RUN_MS)(
    record(state, `${place}: state`)['testRunDurationMs'],
    `${place}: testRunDurationMs`,
  );
  return { state: { testRunDurationMs }, metrics: recordOf(decodeMetric)(metrics, `${place}: metrics`) };
};

const TIME_PREFIX = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z-/;

/** Start of the run by the folder's name, else by the time of its files. */
function startOf(folder: string, name: string): Date {
  const named = new Date(name.replace(TIME_PREFIX, '$1T$2:$3:$4Z|').split('|')[0]!);
  return Number.isNaN(named.getTime()) ? statSync(join(folder, 'summary.json')).mtime : named;
}

function endOf(
  folder: string,
  { exitCode, interrupted, reason, thresholds, simulator }: Result,
  { state, metrics }: Pick<SummaryData, 'state' | 'metrics'>,
  ended: Date,
): RunEnd {
  const count = (metric: string): number => metrics[metric]?.values['count'] ?? 0;
  const completed = count('iterations');
  const dropped = count('dropped_iterations');
  const started = completed + interrupted;
  const failures = failureLines(join(folder, 'failures.jsonl'));
  return {
    endedAt: ended.toISOString(),
    durationMs: state.testRunDurationMs,
    ...decide(findingsOfEarlier({ exitCode, reason, thresholds })),
    causes: [],
    ...(reason === undefined ? {} : { reason }),
    // In result.json, `interrupted` are the flows without an outcome, not iterations interrupted by the host.
    iterations: { planned: started + dropped, started, completed, interrupted, dropped, derived: true },
    thresholds,
    ownDelay: null,
    simulator,
    failures: { seen: failures, kept: failures },
  };
}

function failureLines(file: string): number {
  return existsSync(file)
    ? readTextFile(file)
        .split('\n')
        .filter((line) => line !== '').length
    : 0;
}

function json(folder: string, file: string): unknown {
  const path = join(folder, file);
  try {
    return JSON.parse(readTextFile(path)) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) throw new DecodeError(`${path} is not JSON; expected a file written by a run`);
    throw error;
  }
}
