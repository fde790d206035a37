import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { addSample } from '../../cli/import/add-sample.ts';
import { IntervalWindow } from '../../record/interval-window.ts';
import type { RecordedSeries } from '../../record/interval-window.ts';
import { NewRecord } from '../../record/new-record.ts';
import { RUN_VERSION } from '../../record/run-file.ts';
import type { RunEnd, RunFile } from '../../record/run-file.ts';
import type { Tags } from '../../contract/series-counts.ts';
import type { MetricType } from '../../catalogue/metrics.ts';

/** A sample of a made record. */
export interface Sample {
  readonly index: number;
  readonly metric: string;
  readonly type: MetricType;
  readonly tags: Tags;
  readonly value: number;
  readonly at: number;
}

/** How a made record ended, unless said otherwise. */
export const PASSED: RunEnd = {
  endedAt: '2026-01-31T12:01:00.000Z',
  durationMs: 60_000,
  verdict: 'pass',
  exitCode: 0,
  findings: [],
  causes: [],
  iterations: { planned: 4, started: 4, completed: 3, interrupted: 1, dropped: 0 },
  thresholds: [],
  ownDelay: null,
  simulator: null,
  failures: { seen: 0, kept: 0 },
};

/** The run.json of a made record. */
export function madeRun(over: Partial<RunFile> = {}): RunFile {
  return {
    record: 'pairstorm-run',
    version: RUN_VERSION,
    testid: 'made',
    pairstorm: '0.0.0',
    host: 'engine',
    script: 'load',
    startedAt: '2026-01-31T12:00:00.000Z',
    intervalMs: 1_000,
    target: null,
    simulated: true,
    seed: 7,
    inventory: null,
    settings: {},
    scenarios: [],
    thresholds: [],
    machines: [{ instance: 'a', cpus: 2, runtime: 'Node 24', platform: 'linux x64' }],
    end: PASSED,
    ...over,
  };
}

/** Writes a record below a folder and gives its own folder; `failures` are lines of its failures.jsonl. */
export function madeRecord(
  parent: string,
  run: RunFile,
  samples: readonly Sample[],
  failures: readonly string[] = [],
): string {
  const record = new NewRecord(parent, 'made', new Date(run.startedAt), run.intervalMs);
  const window = new IntervalWindow((index, closed) => record.write(index, closed));
  const series = new Map<string, RecordedSeries>();
  for (const { index, metric, type, tags, value, at } of samples) {
    const key = JSON.stringify([metric, tags]);
    let one = series.get(key);
    if (one === undefined) {
      one = {
        metric,
        type,
        contains: 'default',
        tags,
        number: series.size,
        latest: -1,
        total: undefined,
      };
      series.set(key, one);
    }
    addSample(type, window.totalOf(index, one), value, at);
  }
  window.end();
  const state = { testRunDurationMs: run.end?.durationMs ?? 0 };
  record.finish(
    run,
    { root_group: {}, options: { summaryTrendStats: [], summaryTimeUnit: '' }, state, metrics: {} },
    failures,
  );
  return record.folder;
}

/** Cuts the last line of a record in two, as a killed run does. */
export function cutOff(folder: string): void {
  appendFileSync(join(folder, 'series.jsonl'), '{"i":99,"counts":[[0,1');
}
