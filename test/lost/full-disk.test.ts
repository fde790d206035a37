import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SeriesTotals } from '../../contract/series-totals.ts';
import { openRecord } from '../../record/read-record.ts';
import type { StoredRecord } from '../../record/read-record.ts';
import { CALM_OBJECTIVE } from '../cli/calm-objective.ts';
import { emptyFolder, pairstorm, scriptFile } from '../cli/command.ts';
import { canMount, onSmallDisk } from './small-disk.ts';
import type { OnSmallDisk } from './small-disk.ts';

/** A disk that is full for a while, or for good, in the middle of a run. Through the real command, on a disk of its own. */

const MOUNTS = canMount();
if (!MOUNTS) process.stdout.write('SKIPPED: a full disk (needs Linux, root and the right to mount)\n');

/** `npm run check:lost` has the siblings, too. */
const ALL = process.env['LOST'] !== undefined;

const SCRIPT = scriptFile(
  emptyFolder(),
  'steady.js',
  `
  const { Counter } = require('k6/metrics');
  const calls = new Counter('calls');
  exports.options = {
    scenarios: { s: { executor: 'constant-arrival-rate', rate: 100, timeUnit: '1s', duration: '4s', preAllocatedVUs: 5 } },
    thresholds: { calls: ['count>0'] },
  };
  exports.default = async () => { for (let at = 0; at < 20; at++) calls.add(1, { part: String(at) }); };
`,
);
const RUN = ['run', SCRIPT, '--interval', '100ms', '--gate', '--allow-invalid', '--quiet', '--workers', '0', '--json'];

function recordOf({ kept, stderr }: OnSmallDisk): { readonly record: StoredRecord; readonly folder: string } {
  const [name] = readdirSync(join(kept, 'results'));
  expect(name, stderr).toBeDefined();
  const folder = join(kept, 'results', name!);
  return { record: openRecord(folder), folder };
}

async function callsIn(record: StoredRecord): Promise<number> {
  const totals = new SeriesTotals();
  for await (const interval of record.intervals()) totals.add(interval);
  return (totals.select('calls') as { sum: number } | undefined)?.sum ?? 0;
}

async function expectWhole(ended: OnSmallDisk): Promise<void> {
  expect([ended.code, ended.stderr]).toEqual([0, expect.not.stringContaining('could not be written')]);
  const { record, folder } = recordOf(ended);
  expect(await callsIn(record)).toBe(20 * record.run.end!.iterations.completed);
  expect(record.damage()).toEqual([]);
  expect(record.run.end!.findings).toEqual([]);
  for (const file of ['run.json', 'summary.json', 'result.json', 'report.html', 'report.md', 'junit.xml'])
    expect(readFileSync(join(folder, file), 'utf8'), file).toMatch(/[}>\n]\s*$/);
  expect(readdirSync(folder).filter((file) => file.endsWith('.new'))).toEqual([]);
}

describe.skipIf(!MOUNTS)('A full disk', () => {
  it('for half a second in mid-run costs nothing: lines wait for it', async () => {
    await expectWhole(await onSmallDisk(RUN, 'lines 5; fill; sleep 0.5; free'));
  });

  it('until after the end of the run: record, report and JUnit are written when it is free again', async () => {
    await expectWhole(await onSmallDisk(RUN, 'lines 20; fill; sleep 4; free'));
  });

  it('for good: the run says so, and nobody takes its record for a shorter run that passed', async () => {
    const ended = await onSmallDisk(RUN, 'lines 20; fill; sleep 60');
    expect(ended.code, ended.stderr).toBe(99);
    expect(ended.stderr).toMatch(
      /fail: the record is incomplete: \d+ of \d+ lines of series\.jsonl are missing, between /,
    );
    expect(ended.stderr).toContain('no space left on the disk');
    const told = JSON.parse(ended.stdout) as { readonly findings: readonly { readonly code: string }[] };
    expect(told.findings.map(({ code }) => code)).toEqual(['record_damaged', 'files_unwritten']);
    const { record, folder } = recordOf(ended);
    expect(record.run.end).toBeNull();
    expect(await callsIn(record)).toBeGreaterThan(0);
    expect(record.damage()).toEqual([]);
    expect((await pairstorm(folder, ['report', '.', '--format', 'junit', '--out', '-'])).stdout).toContain('<error');
  });

  it.runIf(ALL)(
    'in the middle of a search: the levels that were played are its answer, and a gate stays shut',
    async () => {
      const played = ['-e', 'TIME_SCALE=0.02', '-e', 'MAX_ERROR_RATE=0.4', ...CALM_OBJECTIVE];
      const search = [
        'capacity',
        '--level',
        '3s',
        '--budget',
        '40s',
        '--start',
        '10',
        '--max',
        '20',
        '--at-least',
        '5',
      ];
      const args = [...search, '--allow-invalid', '--simulator-option', 'latencyScale=0.2', ...played];
      const full = 'until ls results/*/answer.json 2> /dev/null; do sleep 0.05; done; fill; sleep 120';
      const { code, stdout, stderr } = await onSmallDisk(args, full, { kib: 8_192, inodes: 400 });
      expect(stdout).toMatch(/At least [\d.]+ sign-ins\/s meet the objective/);
      expect(stderr).toMatch(/warning: some results could not be written: no space left on the disk/);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(code).toBe(99);
    },
  );

  it.runIf(ALL)('as the run begins: what waits is written as soon as it is free', async () => {
    await expectWhole(await onSmallDisk(RUN, 'until [ -d results ]; do :; done; fill; sleep 3; free'));
  });

  it.runIf(ALL)('twice, and once with no file to be had', async () => {
    const beside = 'lines 5; fill; sleep 0.4; free; lines 15; inodes; sleep 0.4; free; lines 20; fill; sleep 0.4; free';
    await expectWhole(await onSmallDisk(RUN, beside));
  });

  it.runIf(ALL)('with a run that is killed meanwhile leaves whole lines', async () => {
    const { record } = recordOf(await onSmallDisk(RUN, 'lines 10; fill; sleep 0.5; crash'));
    expect(record.run.end).toBeNull();
    expect(await callsIn(record)).toBeGreaterThan(0);
    expect(record.damage()).toEqual([]);
    expect(existsSync(join(record.folder, 'report.html'))).toBe(false);
  });
});
