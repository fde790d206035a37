import type { OwnDelay } from '../../contract/run-findings.ts';
import { inTime } from '../late-machine.ts';
import { emptyFolder, pairstorm, writeInventory } from './command.ts';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

const folder = emptyFolder();
const people = join(folder, 'people.json');

beforeAll(() => {
  writeInventory(people, 300, 23);
});

/** Whether this machine keeps up is decided by inTime. */
const FLAGS = ['--allow-invalid', '--simulator-option', 'latency=off', '--simulator-option', 'workers=0'];

interface Result {
  readonly outcomes: unknown;
  readonly thresholds: readonly { readonly metric: string; readonly value: number | null }[];
  readonly simulator: unknown;
  readonly ownDelay: OwnDelay | null;
}

/** Plays the first 100 users and gives what came of them. */
async function played(workers: string): Promise<unknown> {
  const mismatch = ({ thresholds }: Result) => thresholds.find(({ metric }) => metric === 'outcome_mismatch')?.value;
  const { result, code, stderr } = await inTime(
    0.25,
    async (timeScale) => {
      const run = await pairstorm(folder, ['run', 'smoke', '--workers', workers, '--json', ...FLAGS], {
        ...{ INVENTORY: people, FLOWS: '100', VUS: '50' },
        ...{ TIME_SCALE: String(timeScale), PUSH_DECIDED_BY: 'poll' },
      });
      return { ...run, result: JSON.parse(run.stdout) as Result };
    },
    ({ result }) => (mismatch(result) === 0 ? undefined : result.ownDelay),
  );
  expect(mismatch(result), stderr).toBe(0);
  expect(code, stderr).toBe(0);
  return [result.outcomes, result.simulator];
}

describe('the same seed has the same outcomes', () => {
  // As no outcome differs from what its user was expected, equal tables are equal users. `npm run check:conformance` plays 1 and 3 too.
  const others = process.env['CONFORMANCE_USERS'] === undefined ? ['2'] : ['1', '2', '3'];
  test(`in one thread and in ${others.join(', ')} worker threads`, async () => {
    const none = await played('0');
    for (const workers of others) expect(await played(workers), workers).toEqual(none);
  }, 240_000);
});
