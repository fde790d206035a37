import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readReportModel } from '../../cli/record/read-report-model.ts';
import { SeriesTotals } from '../../contract/series-totals.ts';
import { openRecord } from '../../record/read-record.ts';
import { emptyFolder } from './command.ts';

const RESULT = {
  verdict: 'fail',
  exitCode: 99,
  flows: 10,
  outcomes: { F1: { device_paired: 6 }, F5: { denied: 3 } },
  interrupted: 1,
  unanswered: 0,
  thresholds: [{ metric: 'http_req_failed{peer:pf}', expression: 'rate<0.1', value: 0.25, ok: false }],
  simulator: { starts: 10 },
  reason: 'threshold failed: http_req_failed{peer:pf} rate<0.1 (was 0.25)',
};

const counter = (count: number): object => ({
  type: 'counter',
  contains: 'default',
  values: { count, rate: count / 60 },
});
const rate = (passes: number, fails: number): object => ({
  type: 'rate',
  contains: 'default',
  values: { rate: 0, passes, fails },
});
const METRICS = {
  flows: counter(10),
  'flows{kind:F1}': counter(6),
  'flows{kind:F5}': counter(3),
  'flows{kind:F9}': counter(0),
  flow_outcomes: counter(9),
  'flow_outcomes{outcome:denied}': counter(3),
  'flow_outcomes{kind:F1,outcome:device_paired}': counter(6),
  'flow_outcomes{kind:F5,outcome:denied}': counter(3),
  iterations: counter(9),
  http_req_failed: rate(5, 25),
  'http_req_failed{peer:pf}': rate(5, 15),
  http_req_duration: { type: 'trend', contains: 'time', values: { avg: 5, 'p(95)': 9 } },
  vus: { type: 'gauge', contains: 'default', values: { value: 1, min: 1, max: 3 } },
};

function oldFolder(result: unknown, metrics: unknown): string {
  const folder = join(emptyFolder(), '2026-01-31T12-00-05Z-load-2');
  mkdirSync(folder);
  writeFileSync(join(folder, 'result.json'), JSON.stringify(result));
  writeFileSync(join(folder, 'summary.json'), JSON.stringify({ state: { testRunDurationMs: 59_500.5 }, metrics }));
  writeFileSync(join(folder, 'failures.jsonl'), '{}\n{}\n');
  return folder;
}

test('a folder of before the run record is one: verdict, thresholds, iterations, and each count exactly', async () => {
  const record = openRecord(oldFolder(RESULT, METRICS));
  expect(record.run).toMatchObject({
    testid: '2026-01-31T12-00-05Z-load-2',
    script: 'load',
    startedAt: '2026-01-31T12:00:05.000Z',
    simulated: true,
    thresholds: [{ metric: 'http_req_failed{peer:pf}', expression: 'rate<0.1' }],
    end: {
      verdict: 'fail',
      exitCode: 99,
      reason: RESULT.reason,
      durationMs: 59_500.5,
      endedAt: '2026-01-31T12:01:04.500Z',
      thresholds: RESULT.thresholds,
      iterations: { planned: 10, started: 10, completed: 9, interrupted: 1, dropped: 0 },
      failures: { seen: 2, kept: 2 },
    },
  });
  const totals = new SeriesTotals();
  for await (const interval of record.intervals()) totals.add(interval);
  const sum = (selector: string): unknown => totals.select(selector);
  expect([sum('flows'), sum('flows{kind:F1}'), sum('flows{kind:F9}')]).toEqual([
    { samples: 10, sum: 10 },
    { samples: 6, sum: 6 },
    undefined,
  ]);
  expect(totals.breakdown('flow_outcomes', ['kind', 'outcome'])).toEqual([
    { tags: { kind: 'F1', outcome: 'device_paired' }, total: { samples: 6, sum: 6 } },
    { tags: { kind: 'F5', outcome: 'denied' }, total: { samples: 3, sum: 3 } },
  ]);
  expect([sum('http_req_failed'), sum('http_req_failed{peer:pf}')]).toEqual([
    { samples: 30, passes: 5 },
    { samples: 20, passes: 5 },
  ]);
  expect([sum('http_req_duration'), sum('vus')]).toEqual([undefined, undefined]);
});

test('its report says that the target was the simulator, or that this was not written down', async () => {
  const notesOf = async (simulator: unknown): Promise<string> => {
    const folder = oldFolder({ ...RESULT, simulator }, METRICS);
    rmSync(join(folder, 'failures.jsonl'));
    return (await readReportModel(folder)).notes.join('\n');
  };
  expect(await notesOf({ starts: 10 })).toContain('The target was Pairstorm’s own simulator');
  // So it is also of a simulator that could not be asked.
  expect(await notesOf(null)).toContain('it may have been Pairstorm’s own simulator');
});

test('sub-metrics that overlap are not counted twice', async () => {
  const record = openRecord(
    oldFolder(RESULT, {
      hits: counter(5),
      'hits{a:x}': counter(4),
      'hits{a:x,b:y}': counter(4),
      'hits{b:y,c:z}': counter(3),
    }),
  );
  const totals = new SeriesTotals();
  for await (const interval of record.intervals()) totals.add(interval);
  expect(totals.select('hits')).toMatchObject({ sum: 5 });
});

test('what is wrong in such a folder is said by its place', () => {
  expect(() => openRecord(oldFolder({ ...RESULT, verdict: 'fine' }, METRICS))).toThrow(
    /result\.json: verdict is "fine"/,
  );
  expect(() => openRecord(oldFolder(RESULT, { flows: 7 }))).toThrow(
    /summary\.json: metrics\.flows is a number; expected an object/,
  );
  const folder = oldFolder(RESULT, METRICS);
  writeFileSync(join(folder, 'summary.json'), '{');
  expect(() => openRecord(folder)).toThrow(/summary\.json is not JSON/);
  rmSync(join(folder, 'summary.json'));
  expect(() => openRecord(folder)).toThrow(/run\.json: no such file/);
});
