import { VERDICTS, decide } from '../catalogue/findings.ts';
import type { Verdict } from '../catalogue/findings.ts';
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
 * The run record before run.json (version 0): result.json and summary.json, no series. It is read as a record of one interval
 * as long as the run. What was not written down is empty: settings, plan, machine; trends, whose percentiles cannot be added
 * up.
 */
export function isVersion0(folder: string): boolean {
  const has = (file: string): boolean => existsSync(join(folder, file));
  // With series it is a later one that has lost its run.json, and what is missing would not be seen.
  return !has('run.json') && !has('series.jsonl') && ['result.json', 'summary.json'].every(has);
}

/** Reads such a folder. Throws a DecodeError or what the file system and JSON.parse throw. */
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
    // A simulator that could not be asked left null, as none did: the report says that nobody knows (report/model/notes.ts).
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

/** What result.json says, as far as it is read; older ones lack the rest. */
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

/** When the run started, by the name of its folder, else by the time of its files. */
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
    // result.json counts as interrupted the flows without an outcome, not what the host interrupted.
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
