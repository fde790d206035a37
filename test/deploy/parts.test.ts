import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTime } from '../../cli/part/part-flags.ts';
import { clockAhead } from '../../cli/part/target-clock.ts';
import { sumOf } from '../../record/record-totals.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import type { RunningSimulator } from '../../simulator/simulator.ts';
import { readInventoryFile } from '../../cli/read-inventory.ts';
import { emptyFolder, pairstorm } from '../cli/command.ts';
import { countingFront } from './counting-front.ts';
import type { CountingFront } from './counting-front.ts';
import {
  INVENTORY,
  countsOf,
  endedAll,
  inMs,
  mergePulled,
  plannedStarts,
  recordIn,
  startPart,
  totalsOf,
} from './played-parts.ts';
import type { PlayedTogether } from './played-parts.ts';
import { argumentsOf, noS3, startS3 } from './s3-server.ts';
import type { S3Server } from './s3-server.ts';

/** The simulator knows its client by it. */
const SECRETS = { PF_CLIENT_SECRET: 'pairstorm-secret' };
const SLOW = process.env['SCALE_OUT'] !== undefined;

/** Time for three processes to prepare on a machine that has other work. */
const PREPARE_MS = Number(process.env['PREPARE_MS'] ?? 20_000);

describe('A run in parts', () => {
  let simulator: RunningSimulator;
  let front: CountingFront;
  let s3: S3Server | undefined;
  beforeAll(async () => {
    const inventory = readInventoryFile(INVENTORY);
    simulator = await startSimulator({ inventory, port: 0, latency: 'off', workers: 0, timeScale: 0.1 });
    front = await countingFront(simulator.url);
    if (noS3() === undefined) s3 = await startS3('records');
    else console.warn(`a folder instead of S3: ${noS3() ?? ''}`);
  });
  afterAll(async () => {
    s3?.stop();
    front.close();
    await simulator.close();
  });

  it('starts at one moment, plays each user once, and is judged as a whole', async () => {
    const cwd = emptyFolder();
    const together: PlayedTogether = {
      cwd,
      settings: ['RATE=10', 'RAMP=0s', 'DURATION=4s', 'TIME_SCALE=0.1'],
      testid: 'rehearsal',
      store: s3 === undefined ? join(cwd, 'store') : 's3://records/load',
      env: { PF_BASE_URL: front.url, ...SECRETS, ...s3?.env },
      startAt: inMs(PREPARE_MS),
      of: 3,
    };
    const parts = [0, 1, 2].map((index) => startPart(index, together, ['--exit-zero-on', '99,120']));
    // The verdict is asked for before there is anything to judge.
    const merging = mergePulled(together, ['--gate']);
    await Promise.all(parts.map(({ child }) => new Promise((resolve) => child.once('spawn', resolve))));
    const seen = parts.map(({ child }) => argumentsOf(child.pid!) ?? '').join();
    const ended = await endedAll(parts);
    // What a part alone comes to is for the merge to judge: a busy machine may be slow.
    for (const { code, stderr } of ended) expect(code, stderr).toBe(0);
    const merged = await merging;
    expect(merged.stderr).toMatch(/\d of 3 parts of testid rehearsal are in \S+; waiting for/);

    const records = [0, 1, 2].map((index) => recordIn(join(cwd, `part-${index}`)));
    expect(records.map(({ run }) => run.startedAt)).toEqual([0, 1, 2].map(() => together.startAt));
    expect(records.map(({ run }) => run.part)).toMatchObject(
      [0, 1, 2].map((index) => ({ index, of: 3, startAt: together.startAt })),
    );
    const sum = (name: 'planned' | 'started' | 'dropped'): number =>
      records.reduce((total, { run }) => total + run.end!.iterations[name], 0);
    const whole = recordIn(join(cwd, 'merged'));
    expect(merged.code, merged.stderr).toBe(whole.run.end!.exitCode);
    expect(sum('planned')).toBe(plannedStarts(together));
    const counts = { planned: sum('planned'), started: sum('started'), dropped: sum('dropped') };
    expect(whole.run).toMatchObject({ testid: 'rehearsal', end: { iterations: counts } });
    expect(sumOf((await totalsOf(whole)).select('flows'))).toBe(counts.started);
    const { starts, startsByRun } = await countsOf(simulator.url);
    expect(starts).toBe(counts.started);
    expect(Object.keys(startsByRun)).toHaveLength(3);
    expect(front.flowsOf.size).toBe(counts.started);
    expect([...front.flowsOf.values()].filter(({ size }) => size !== 1)).toEqual([]);

    // Nobody can read the secrets: not in the process list, nor in the store, nor in the records.
    const texts = [
      seen,
      ...((await s3?.objects()) ?? new Map<string, string>()).values(),
      ...readdirSync(cwd, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')),
      ...ended.map(({ stderr, stdout }) => stderr + stdout),
    ].join('\n');
    expect(texts).toContain('rehearsal');
    for (const secret of [
      SECRETS.PF_CLIENT_SECRET,
      s3?.env['AWS_SECRET_ACCESS_KEY'] ?? '-never-',
      s3?.env['AWS_ACCESS_KEY_ID'] ?? '-never-',
    ])
      expect(texts).not.toContain(secret);

    // A second run under the same name is refused before it plays anything.
    const again = await startPart(1, { ...together, startAt: inMs(PREPARE_MS) }).ended;
    expect(again.code).toBe(104);
    expect(again.stderr).toMatch(
      /part 1 of 3 of testid rehearsal has begun there already on .+; give each run a testid of its own/,
    );
  }, 120_000);

  it('says which part is missing, and does not judge without it', async () => {
    const cwd = emptyFolder();
    const merged = await pairstorm(cwd, [
      'merge',
      '--parts',
      '2',
      '--pull',
      'store',
      '--testid',
      'none',
      '--wait',
      '0s',
    ]);
    expect(merged.code).toBe(104);
    expect(merged.stderr).toBe(
      'error: 0 of 2 parts of testid none are in store: part 0 never began; part 1 never began; nothing is judged without all of them\n',
    );
  });

  it('reads the clock of the target beside its own', async () => {
    const ahead = (await clockAhead({ target: front.url, verify: true }))!;
    expect(ahead.toMs - ahead.fromMs).toBeLessThan(1_000);
    expect(ahead.fromMs).toBeLessThan(100);
    expect(ahead.toMs).toBeGreaterThan(-100);
    expect(await clockAhead({ target: 'http://127.0.0.1:9', verify: true })).toBeUndefined();
  });
});

describe('Flags of a part', () => {
  it('take a time with its zone that is to come, or a duration from now', () => {
    expect(startTime('+90s') - Date.now()).toBeGreaterThan(85_000);
    const soon = new Date(Date.now() + 5_000);
    expect(startTime(soon.toISOString())).toBe(soon.getTime());
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['12:00', /write a time with its zone, such as 2026-01-31T12:00:00Z, or \+90s from now/],
      ['2099-01-31T12:00:00', /with its zone/],
      ['+90', /expected a duration/],
      [new Date(Date.now() - 4_000).toISOString(), /late by 4\.\d s, so this part would not overlap the others/],
      ['2099-01-31T12:00:00Z', /is \d+ h away; at most 24 h/],
    ];
    for (const [text, reason] of wrong) expect(() => startTime(text)).toThrow(reason);
  });

  const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['a part that is not there', ['--part', '8/8'], /Parts are numbered from 0: the last of 8 is 7\/8/],
    [
      'a segment beside it',
      ['--part', '0/8', '--execution-segment', '0:1/2'],
      /--execution-segment cannot be combined with --part/,
    ],
    ['a store without a part', ['--push', 'store'], /--push needs --part/],
    ['a store without a testid', ['--push', 'store', '--part', '0/2'], /--push needs --tag testid=ID/],
    ['a code that must not be hidden', ['--exit-zero-on', '99,104'], /Write codes of a verdict .* of 99, 110, 120/],
    [
      'a store of another kind',
      ['--push', 'ftp://x/y', '--part', '0/2', '--tag', 'testid=a'],
      /neither a folder nor s3:/,
    ],
    [
      'S3 without keys',
      ['--push', 's3://bucket/x', '--part', '0/2', '--tag', 'testid=a'],
      /set AWS_ACCESS_KEY_ID and AWS_SECRET/,
    ],
    ['a testid that is a path', ['--push', 'store', '--part', '0/2', '--tag', 'testid=../a'], /cannot name a folder/],
  ];
  it.each(SLOW ? refused : refused.slice(0, 3))('refuse %s', async (_what, flags, reason) => {
    const { code, stderr } = await pairstorm(emptyFolder(), ['run', 'smoke', ...flags]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(reason);
    expect(code).toBe(104);
  });
});
