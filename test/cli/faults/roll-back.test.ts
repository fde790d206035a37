import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hookOf, isAlive, noteFault, readJournal, startJournal } from '../../../cli/faults/journal.ts';
import type { OpenFault } from '../../../cli/faults/journal.ts';
import type { FaultList } from '../../../simulator/wire/faults.ts';
import { emptyFolder, fewUsers, pairstorm, start } from '../command.ts';
import type { Running } from '../command.ts';
import { watchKin } from '../../lost/kin.ts';

/** `npm run check:kills` kills run, watcher and both at six moments each. */
const EVERY = process.env['KILLS'] !== undefined;

const QUICK = { TIME_SCALE: '0.01', INVENTORY: fewUsers() };
/** A run with one fault that lasts until it is killed. */
const LONG = [
  ...['-e', 'RATE=2', '-e', 'RAMP=0s', '-e', 'STEADY_DURATION=500ms'],
  ...['-e', 'FAULT_DURATION=1s', '-e', 'RECOVERY_DURATION=1s', '-e', 'FAULTS=unavailable'],
];

let simulator: Running;
let target = '';
beforeAll(async () => {
  simulator = start(emptyFolder(), ['simulate', '--port', '0', '--time-scale', '0.01', '--inventory', fewUsers()]);
  await simulator.says(/http:\/\/127\.0\.0\.1:\d+/);
  target = /http:\/\/127\.0\.0\.1:\d+/.exec(simulator.said())![0];
});
afterAll(() => void simulator.child.kill());

const active = async (): Promise<readonly string[]> =>
  ((await (await fetch(`${target}/admin/faults`)).json()) as FaultList).faults.map(({ fault }) => fault.name);

async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await is())) await delay(20);
}

const journalOf = (results: string): string | undefined =>
  readdirSync(results)
    .map((name) => join(results, name, 'faults.journal'))
    .find((file) => existsSync(file));

const run = (results: string): Running =>
  start(results, ['run', 'resilience', '--quiet', '--allow-invalid', '--results', results, ...LONG], {
    ...QUICK,
    PF_BASE_URL: target,
  });

/** The next command on the target, which looks at what stands before it does anything. */
const next = (results: string) =>
  pairstorm(results, ['run', 'smoke', '--dry-run', '--results', results], { ...QUICK, PF_BASE_URL: target });

/** When a run is killed: before its fault, as the fault is noted, while it is active (early and late), after its end, at the end. */
const MOMENTS: readonly (readonly [string, (results: string) => Promise<void>])[] = [
  ['before the fault', async (results) => until(() => journalOf(results) !== undefined)],
  ['as it is noted', async (results) => until(() => (readJournal(journalOf(results) ?? '')?.open.length ?? 0) > 0)],
  ['as it begins', async () => until(async () => (await active()).length > 0)],
  [
    'in the middle of it',
    async () => {
      await until(async () => (await active()).length > 0);
      await delay(500);
    },
  ],
  [
    'as it ends',
    async () => {
      await until(async () => (await active()).length > 0);
      await until(async () => (await active()).length === 0);
    },
  ],
  [
    'after it',
    async () => {
      await until(async () => (await active()).length > 0);
      await until(async () => (await active()).length === 0);
      await delay(700);
    },
  ],
];

const KILLED = ['run', 'watcher', 'both'] as const;

describe('kill -9 leaves no fault', () => {
  const cases = MOMENTS.flatMap(([moment, comes]) => KILLED.map((who) => [who, moment, comes] as const)).filter(
    ([who, moment]) => EVERY || (who === 'both' && moment === 'in the middle of it'),
  );
  it.each(cases)(
    'of the %s, %s: it ends, or the next command ends it and says so',
    async (who, _moment, comes) => {
      const results = emptyFolder();
      const running = run(results);
      const kin = watchKin(running.child.pid!);
      await comes(results);
      await delay(30);
      const watcher = kin().find(({ args }) => args.includes('fault-watcher'))!.pid;
      const kill = (pid: number): void => {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It has just ended.
        }
      };
      if (who !== 'run') kill(watcher);
      if (who !== 'watcher') running.child.kill('SIGKILL');
      await running.ended;
      // What the watcher or the run does about it takes a moment.
      if (who !== 'both') await until(async () => (await active()).length === 0);
      const stood = await active();
      const { stderr } = await next(results);
      expect(await active()).toEqual([]);
      if (stood.length > 0) expect(stderr).toMatch(/ended the fault unavailable, which .* had left active/);
      expect(readJournal(journalOf(results)!)?.open).toEqual([]);
    },
    60_000,
  );
});

/** The folder of a run with this in its journal. */
function madeJournal(fault: Omit<OpenFault, 'id' | 'fault'> | string, of = target): string {
  const results = emptyFolder();
  const folder = join(results, '2026-01-31T12-00-00Z-resilience');
  mkdirSync(folder);
  const file = join(folder, 'faults.journal');
  // Nobody has this number.
  startJournal(file, [2 ** 22 + 1], of);
  if (typeof fault === 'string') writeFileSync(file, `${readFileSync(file, 'utf8')}${fault}\n`);
  else noteFault(file, { id: 1, fault: 'external', ...fault });
  return folder;
}

describe('A journal is data', () => {
  it('with a shell line in it runs nothing: neither the next command, nor a report, nor faults undo', async () => {
    const mark = join(emptyFolder(), 'ran');
    const lines = [
      {
        id: 1,
        fault: 'external',
        undo: { kind: 'hook', command: `touch ${mark}`, salt: '0'.repeat(32), hash: '0'.repeat(64) },
      },
      { id: 2, fault: 'external', undo: { kind: 'shell', command: `touch ${mark}` } },
      { id: 3, fault: `$(touch ${mark})`, undo: { kind: 'simulator', name: `;touch ${mark}` } },
      `touch ${mark}`,
    ];
    const folder = madeJournal(
      lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
    );
    const undo = await pairstorm(folder, ['faults', 'undo', folder, '--on-fault-end', `touch ${mark}`]);
    expect([undo.code, undo.stderr]).toEqual([104, expect.stringContaining('no command of')]);
    const { stdout } = await pairstorm(folder, ['faults', 'undo', folder]);
    expect(stdout).toBe('4 lines of faults.journal are not entries; nothing was done with them\nnothing is left\n');
    await next(join(folder, '..'));
    await pairstorm(folder, ['report', folder]);
    expect(existsSync(mark)).toBe(false);
  });

  it('of a folder that is not a run’s, nobody says that no fault was left', async () => {
    const results = emptyFolder();
    for (const [folder, says] of [
      ['nosuch', 'nosuch does not exist; pass a run folder'],
      ['.', 'run.json: no such file or folder; expected a run folder'],
    ] as const) {
      const { code, stderr } = await pairstorm(results, ['faults', 'undo', folder]);
      expect([code, stderr]).toEqual([104, expect.stringContaining(says)]);
    }
  });

  it('a command ends its fault only if it is the one that was given', async () => {
    const mark = join(emptyFolder(), 'ended');
    const folder = madeJournal({ undo: hookOf(`touch ${mark}`) });
    const other = await pairstorm(folder, ['faults', 'undo', folder, '--on-fault-end', `touch ${mark}2`]);
    expect([other.code, other.stderr]).toEqual([
      104,
      expect.stringContaining('is not the command that the run was given'),
    ]);
    const none = await pairstorm(folder, ['faults', 'undo', folder]);
    expect([none.code, none.stdout]).toEqual([104, 'still active: external: only its end command ends it\n']);
    // A new run with faults is refused until then.
    const refused = await pairstorm(folder, ['run', 'resilience', '--results', join(folder, '..'), ...LONG], {
      ...QUICK,
      PF_BASE_URL: target,
    });
    expect(refused.stderr).toContain(`end it with pairstorm faults undo ${folder} --on-fault-end CMD`);
    expect(refused.code).toBe(104);
    const right = await pairstorm(folder, ['faults', 'undo', folder, '--on-fault-end', `touch ${mark}`]);
    expect([right.code, right.stdout]).toEqual([0, 'ended: external\n']);
    expect(existsSync(mark)).toBe(true);
    expect((await pairstorm(folder, ['faults', 'undo', folder])).stdout).toBe('nothing is left\n');
  });

  it('sends nobody to an address that only the journal names', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked++;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const undo = { kind: 'toxic', api, proxy: 'sso', toxic: 'pairstorm-net-reset' } as const;
    // Of another target.
    await next(join(madeJournal({ undo }, 'http://127.0.0.1:9'), '..'));
    // Not a toxic of ours.
    await next(join(madeJournal({ undo: { ...undo, toxic: 'somebody-elses' } }), '..'));
    expect(asked).toBe(0);
    await next(join(madeJournal({ undo }), '..'));
    expect(asked).toBe(1);
    server.close();
  });
});

it.each([
  [{ kind: 'toxic', api: 'http://127.0.0.1.example.invalid', proxy: 'sso', toxic: 'pairstorm-net-reset' }, undefined],
  [{ kind: 'disabled', api: 'http://localhost.example.invalid', proxy: 'sso' }, undefined],
  [{ kind: 'simulator', name: 'slow' }, 'http://127.0.0.1:9@example.invalid'],
  [{ kind: 'simulator', name: 'slow' }, 'http://127.example.invalid'],
] as const)('%j of %s is not asked for: its address only begins like one of this machine', async (undo, of) => {
  const folder = madeJournal({ undo }, of);
  const { code, stdout } = await pairstorm(folder, ['faults', 'undo', folder]);
  expect(stdout).toMatch(
    /^still active: external: .*(is not to be asked without --toxiproxy|its simulator is not known)/,
  );
  expect(code).toBe(104);
});

it('a journal is of a run that is on while a process of it is, but never of the one that reads it', () => {
  const of = (pid: number, host = hostname()): boolean => isAlive({ host, pids: [pid] });
  expect([of(process.ppid), of(1), of(process.pid), of(2 ** 22 + 1), of(1, 'elsewhere')]).toEqual([
    ...[true, true, false, false, false],
  ]);
});

it('an end command that hangs is stopped in time, and the run says that the fault stands', async () => {
  const results = emptyFolder();
  const commands = ['--on-fault-start', 'true', '--on-fault-end', 'sleep 600', '--fault-timeout', '300ms'];
  const begun = Date.now();
  const { code, stderr } = await pairstorm(
    results,
    ['run', 'resilience', '--quiet', '--allow-invalid', '--results', results, ...LONG.slice(0, -2), ...commands],
    QUICK,
  );
  expect(stderr).toContain('FAULT_END_URL did not end the fault external: HTTP 500 the command took longer than 300ms');
  expect(stderr).toMatch(/warning: the fault external could not be ended: the command took longer than 300ms/);
  expect(code).toBe(99);
  expect(Date.now() - begun).toBeLessThan(60_000);
  expect(readJournal(journalOf(results)!)?.open).toMatchObject([{ fault: 'external', undo: { kind: 'hook' } }]);
}, 90_000);
