import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mergeRecords } from '../../cli/merge/merge-records.ts';
import type { MergeFlags } from '../../cli/merge/merge-records.ts';
import { openRecord } from '../../record/read-record.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { ClockAhead } from '../../record/run-part.ts';
import { emptyFolder } from '../cli/command.ts';
import { madeRecord, madeRun } from '../cli/made-record.ts';

const START = '2026-01-31T12:00:00.000Z';
const SYNCHRONOUS: ClockAhead = { fromMs: -60, toMs: 70 };

/** The record of part `index` of three. */
function part(
  index: number,
  over: Partial<RunFile> = {},
  clockAtStart: ClockAhead | null = SYNCHRONOUS,
): Partial<RunFile> {
  return {
    startedAt: START,
    settings: { RATE: '30' },
    target: 'https://pf.example.com',
    simulated: false,
    inventory: { generator: '1', seed: 7, population: 'everything', users: 100 },
    machines: [{ ...madeRun().machines[0]!, instance: `pod-${index}` }],
    part: { index, of: 3, startAt: START, clockAtStart, clockAtEnd: null },
    ...over,
  };
}

const HITS = { index: 2, metric: 'hits', type: 'counter', tags: {}, value: 5, at: 1 } as const;

async function merged(
  parts: readonly Partial<RunFile>[],
  flags: Partial<MergeFlags> = {},
): Promise<{ readonly run: RunFile; readonly said: string }> {
  const folder = emptyFolder();
  const folders = parts.map((run) => madeRecord(folder, madeRun(run), [HITS]));
  const said: string[] = [];
  await mergeRecords(folders, { results: join(folder, 'merged'), ...flags }, (line) => said.push(line));
  return { run: openRecord(/ → (.*)$/.exec(said.at(-1)!)![1]!).run, said: said.join('\n') };
}

describe('Parts of one run', () => {
  it('are one run if all are there, were one test, and started together', async () => {
    const { run } = await merged([part(0), part(1), part(2)], { parts: 3 });
    expect(run.end).toMatchObject({ verdict: 'pass', exitCode: 0, findings: [] });
    expect(run.part).toBeUndefined();
  });

  it('may have been played on one machine, from one moment on', async () => {
    const { machines } = madeRun();
    const { run } = await merged([0, 1, 2].map((index) => part(index, { machines })));
    expect(run.end).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('are no valid run while one is missing, unless that is allowed', async () => {
    const { run } = await merged([part(0), part(2)]);
    expect(run.end).toMatchObject({ verdict: 'invalid', exitCode: 120 });
    expect(run.end!.reason).toBe('1 of 3 parts are missing (1), so this is not the whole load');
    const allowed = await merged([part(0), part(2)], { allowInvalid: true });
    expect(allowed.run.end).toMatchObject({ verdict: 'pass', findings: [{ code: 'parts_missing', exit: 0 }] });
  });

  it('are no valid run if the clock of one was 3 s off', async () => {
    const { run } = await merged([part(0), part(1, {}, { fromMs: 2_900, toMs: 3_050 }), part(2)]);
    expect(run.end).toMatchObject({ verdict: 'invalid', exitCode: 120 });
    expect(run.end!.reason).toMatch(/^the parts did not start together: part [02] started 2\.8 s or more after part 1/);
  });

  it('are told apart by what the clocks can tell, not by less', async () => {
    const wide = { fromMs: -900, toMs: 900 };
    expect((await merged([part(0), part(1, {}, wide), part(2, {}, null)])).run.end!.verdict).toBe('pass');
    const later = '2026-01-31T12:00:04.000Z';
    const late = part(2, { startedAt: later, part: { ...part(2).part!, startAt: later } });
    expect((await merged([part(0), part(1), late])).run.end!.findings).toMatchObject([{ code: 'parts_apart' }]);
  });

  it('are no valid run if one was killed, and that one is named', async () => {
    const { run } = await merged([part(0), part(1, { end: null }), part(2)]);
    expect(run.end!.verdict).toBe('interrupted');
    expect(run.end!.findings[0]).toMatchObject({ code: 'killed', subject: 'part 1' });
  });

  interface Refused {
    readonly what: string;
    readonly parts: readonly Partial<RunFile>[];
    readonly reason: RegExp;
    readonly flags?: Partial<MergeFlags>;
  }
  const beside = (over: Partial<RunFile>): readonly Partial<RunFile>[] => [part(0), part(1, over)];
  const twin = part(1, { machines: [{ ...madeRun().machines[0]!, instance: 'pod-2' }] });
  const refused: readonly Refused[] = [
    { what: 'one part twice', parts: [part(0), part(1), twin], reason: /are both part 1 of 3; pass each part once/ },
    { what: 'too few', parts: beside({}), reason: /--parts is 3, but there are 2 records/, flags: { parts: 3 } },
    { what: 'another cut', parts: beside({}), reason: /is one of 3 parts, but --parts is 2/, flags: { parts: 2 } },
    { what: 'two cuts', parts: beside({ part: { ...part(1).part!, of: 4 } }), reason: /numbers of parts \(3 and 4\)/ },
    { what: 'two settings', parts: beside({ settings: { RATE: '60' } }), reason: /settings \(RATE 30 and RATE 60\)/ },
    { what: 'two targets', parts: beside({ target: 'https://b' }), reason: /different targets/ },
    {
      what: 'two lists of users',
      parts: beside({ inventory: { ...part(1).inventory!, seed: 8 } }),
      reason: /different users \(.*seed 7 and .*seed 8\)/,
    },
    { what: 'two versions', parts: beside({ pairstorm: '9' }), reason: /different versions of Pairstorm/ },
    { what: 'two runs', parts: beside({ testid: 'other' }), reason: /different testids \(made and other\)/ },
  ];
  it.each(refused)('are refused where there is: $what', async ({ parts, reason, flags }) => {
    await expect(merged(parts, flags)).rejects.toThrow(reason);
  });
});
