import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { draw } from '../../contract/draw.ts';
import { SeriesTotals } from '../../contract/series-totals.ts';
import { openRecord } from '../../record/read-record.ts';
import { emptyFolder, pairstorm, scriptFile, start } from './command.ts';
import { failure } from './failed-flow.ts';

/** `npm run check:kills` tries 20 moments. */
const MOMENTS = Number(process.env['KILLS'] ?? 1);
const SEED = Number(process.env['KILLS_SEED'] ?? Date.now() % 1e6);
const WITHIN_MS = 5_000;
const INTERVAL_MS = 1_000;
/** How late a busy machine may write an interval that is over. */
const LATE_MS = 1_000;

/** When each request was answered. */
const answers: number[] = [];
const server = createServer((_request, response) => {
  response.end('ok');
  answers.push(Date.now());
});
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => void server.close(resolve)));

const SCRIPT = `
  const http = require('k6/http');
  exports.options = {
    scenarios: { s: { executor: 'constant-arrival-rate', rate: 200, timeUnit: '1s', duration: '30s', preAllocatedVUs: 20 } },
  };
  exports.default = async () => {
    await http.asyncRequest('GET', __ENV.TARGET);
    if (__ITER % 10 === 0) {
      const flow = ${JSON.stringify(failure({ outcome: 'mfa_failed' }))};
      console.error('pairstorm-failure ' + JSON.stringify({ ...flow, reason: 'of VU ' + 'x'.repeat(__VU) }));
    }
  };
`;

test(
  `kill -9 at any moment leaves a record that reads and lacks at most the last interval (seed ${SEED})`,
  async () => {
    const folder = emptyFolder();
    const script = scriptFile(folder, 'steady.js', SCRIPT);
    const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const lacking: number[] = [];
    for (let at = 0; at < MOMENTS; at++) {
      answers.length = 0;
      const results = join(folder, String(at));
      const run = start(folder, ['run', script, '--quiet', '--workers', '2', '--results', results], { TARGET: target });
      // From the first request on: before that there is nothing to be lost.
      while (answers.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      const killAfterMs = draw(SEED, at, 'moment') * WITHIN_MS;
      await new Promise((resolve) => setTimeout(resolve, killAfterMs));
      run.child.kill('SIGKILL');
      const killedAt = Date.now();
      await run.ended;
      const path = join(results, readdirSync(results)[0]!);
      const record = openRecord(path);
      expect(record.run.end).toBeNull();
      const totals = new SeriesTotals();
      let last = -1;
      for await (const interval of record.intervals()) {
        totals.add(interval);
        expect(interval.index).toBeGreaterThanOrEqual(last);
        last = interval.index;
      }
      const recorded = (totals.select('http_reqs') as { sum: number } | undefined)?.sum ?? 0;
      expect(recorded).toBeLessThanOrEqual(answers.length);
      const since = recorded === 0 ? answers[0]! : answers[recorded - 1]!;
      lacking.push(killedAt - since);
      expect(killedAt - since, `killed ${killAfterMs} ms after the first answer`).toBeLessThan(INTERVAL_MS + LATE_MS);
      // Each VU's first iteration tells of a failed flow.
      if (recorded > 0) expect(failureLines(path)).not.toEqual([]);
      for (const line of failureLines(path)) expect(JSON.parse(line)).toMatchObject({ outcome: 'mfa_failed' });
      const report = await pairstorm(folder, ['report', path]);
      expect(report.code, report.stderr).toBe(0);
      expect(existsSync(join(path, 'report.html'))).toBe(true);
    }
    process.stdout.write(
      `killed ${MOMENTS} times: the records lack the last ${lacking.sort((a, b) => a - b).join(', ')} ms\n`,
    );
  },
  MOMENTS * 60_000,
);

/** None of a file that was made and not yet written to. */
function failureLines(path: string): string[] {
  const file = join(path, 'failures.jsonl');
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return text === '' ? [] : text.split('\n');
}
