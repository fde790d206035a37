import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failureJson } from '../../cli/import/console-line.ts';
import { FAILURE_PREFIX } from '../../contract/failure-line.ts';
import { emptyFolder } from './command.ts';
import { failure } from './failed-flow.ts';
import { imported, point } from './k6-lines.ts';

/** The ways in which k6's logger writes a console line. */
const FORMS: Readonly<Record<string, (message: string) => string>> = {
  'into a file or pipe': (message) =>
    `time="2026-01-31T12:00:00Z" level=error msg=${JSON.stringify(message)} source=console`,
  'into a file or pipe, escaped as Go does': (message) =>
    `time="2026-01-31T12:00:00Z" level=info msg=${JSON.stringify(message)
      .replaceAll('ü', '\\x' + 'fc')
      .replaceAll('ï', '\\U000000ef')} source=console`,
  'as JSON': (message) =>
    JSON.stringify({ level: 'error', msg: message, source: 'console', time: '2026-01-31T12:00:00Z' }),
  'on a terminal': (message) => `\u001b[31mERRO\u001b[0m[0003] ${message}    \u001b[31msource\u001b[0m=console`,
  raw: (message) => message,
};

/** What stands around a line in the log of a container. */
const WRAPPED: Readonly<Record<string, (line: string) => string>> = {
  'a Compose log': (line) => `k6-1  | ${line}`,
  'kubectl logs --prefix': (line) => `[pod/load-1-x{7}/k6] ${line}`,
  'the log file of a pod': (line) => `2026-01-31T12:00:00.123456789Z stderr F ${line}`,
  'a JSON log of Docker': (line) =>
    JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: '2026-01-31T12:00:00Z' }),
};

for (const [title, write] of Object.entries(FORMS)) {
  test.each(Object.entries(WRAPPED))(`a failed flow is found as k6 writes it ${title}, in %s`, (_where, wrap) => {
    const told = failure({ reason: 'a "quoted" {reason} ü', steps: [{ step: 'poll', http: 0, ms: 1, error: 'x}' }] });
    expect(JSON.parse(failureJson(wrap(write(FAILURE_PREFIX + JSON.stringify(told))))!)).toEqual(told);
  });
}

for (const [title, write] of Object.entries(FORMS)) {
  test(`a failed flow is found as k6 writes it ${title}, whatever its texts`, () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (reason, error) => {
        const told = failure({ reason: `${reason} ü`, steps: [{ step: 'poll', http: 0, ms: 1, error }] });
        const json = failureJson(write(FAILURE_PREFIX + JSON.stringify(told)).replaceAll('\n', ''));
        expect(JSON.parse(json!)).toEqual(told);
      }),
    );
  });
}

test('failed flows of the console go into failures.jsonl, all else is passed over, what is none is counted', async () => {
  const folder = emptyFolder();
  const console = join(folder, 'k6.log');
  const flows = Object.values(FORMS).map((write, user) => write(FAILURE_PREFIX + JSON.stringify(failure({ user }))));
  const noise = [
    '',
    'running (1s), 1/1 VUs',
    '{"level":"info","msg":"hello"}',
    '{"msg":7',
    'time="x" msg="say \\"hi\\""',
  ];
  const long = 'x'.repeat(3_000_000);
  const wrong = [`${FAILURE_PREFIX}{"kind":"F99"}`, `${FAILURE_PREFIX}{"cut`, `${FAILURE_PREFIX}{"secret":"s3cret"}`];
  writeFileSync(console, [...noise, long, ...flows, ...wrong].join('\n'));
  const { record, said } = await imported([point('http_reqs', 1)], { console });
  const lines = readFileSync(join(record.folder, 'failures.jsonl'), 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { user: number }).user)).toEqual([0, 1, 2, 3, 4]);
  expect(record.run.end!.failures).toEqual({ seen: 5, kept: 5 });
  expect(said).toContain('3 console lines marked as failed flows are not valid');
});

test('of very many failed flows a bounded number is kept, and a rare kind among them', async () => {
  const console = join(emptyFolder(), 'k6.log');
  const lines = Array.from({ length: 5_000 }, (_, n) => FAILURE_PREFIX + JSON.stringify(failure({ user: n })));
  writeFileSync(console, [...lines, FAILURE_PREFIX + JSON.stringify(failure({ outcome: 'pairing_error' }))].join('\n'));
  const { record } = await imported([point('http_reqs', 1)], { console });
  const { seen, kept } = record.run.end!.failures;
  expect(seen).toBe(5_001);
  expect(kept).toBeLessThanOrEqual(1_000);
  expect(readFileSync(join(record.folder, 'failures.jsonl'), 'utf8')).toContain('pairing_error');
});
