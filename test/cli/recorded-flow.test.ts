import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { recordedFlow } from '../../cli/recorded-flow.ts';
import type { FailureRecord } from '../../contract/failure-line.ts';
import { identityOf } from '../../contract/inventory.ts';
import { makeInventory } from '../../population/inventory.ts';
import { emptyFolder } from './command.ts';

const folder = emptyFolder();
const inventory = makeInventory({ users: 60, seed: 3, version: '1.0.0' });
const [first] = inventory.users;
const another = inventory.users.findIndex(({ kind }) => kind !== first!.kind);
const record: FailureRecord = {
  ...{ run: 'abc', inventory: identityOf(inventory), user: 0, kind: first!.kind, prescribed: first!.prescribed },
  ...{ outcome: 'rejected', reason: 'INVALID_OTP', steps: [{ step: 'start', http: 200, ms: 1.5 }] },
};

/** Writes a file of failed flows. */
function fileOf(...lines: readonly (object | string)[]): string {
  const path = join(folder, 'failures.jsonl');
  writeFileSync(path, lines.map((line) => (typeof line === 'string' ? line : `${JSON.stringify(line)}\n`)).join(''));
  return path;
}

it('reads the failed flow on a line', () => {
  const second = { ...record, run: 'def' };
  expect(recordedFlow(fileOf(record, '\n', second), 1, inventory)).toEqual(record);
  expect(recordedFlow(fileOf(record, '\n', second), 2, inventory)).toEqual(second);
});

it.each([
  [
    'of another seed',
    { ...record, inventory: { ...record.inventory, seed: 4 } },
    /another inventory \(seed 4, here 3\)/,
  ],
  [
    'of another version',
    { ...record, inventory: { ...record.inventory, generator: 'pairstorm 0.0.1' } },
    /another inventory \(generator pairstorm 0\.0\.1, here pairstorm 1\.0\.0\)/,
  ],
  [
    'of another population',
    { ...record, inventory: { ...record.inventory, population: 'hostile' } },
    /another inventory \(population hostile, here /,
  ],
  ['of fewer users', { ...record, inventory: { ...record.inventory, users: 20 } }, /\(users 20, here 60\)/],
  ['of a user of another kind', { ...record, user: another }, /user \d+ of this inventory is not the user/],
  ['of a user beyond the last', { ...record, user: 1e9 }, /user 1000000000 of this inventory is not the user/],
  ['from before inventories were named', { ...record, inventory: undefined }, /inventory is missing/],
  ['that is a list', '[1]', /line 1 is a list; expected an object/],
  ['that is null', 'null', /line 1 is null; expected an object/],
  ['that is not JSON', 'require("fs")', /line 1 is not JSON; expected a failed flow/],
  ['with a field of its own', { ...record, command: 'rm' }, /command is not known/],
  ['with an outcome of its own', { ...record, outcome: 'rm' }, /outcome is "rm"; expected one of/],
  ['of no number', { ...record, user: '0' }, /user is "0"; expected a whole number/],
  ['with steps of its own', { ...record, steps: [{ step: {} }] }, /steps\[0\]\.step is an object; expected a string/],
] as const)('refuses a failed flow %s', (_title, line, says) => {
  expect(() => recordedFlow(fileOf(line), 1, inventory)).toThrow(says);
});

it('refuses a number that is not there, and a file that no run wrote', () => {
  expect(() => recordedFlow(fileOf(record), 2, inventory)).toThrow(/holds one failed flow; there is no number 2/);
  expect(() => recordedFlow(fileOf(''), 1, inventory)).toThrow(/holds 0 failed flows; there is no number 1/);
  expect(() => recordedFlow(fileOf('x'.repeat(17 * 1024 * 1024)), 1, inventory)).toThrow(
    /it is \d+ MB; expected at most 16 MB/,
  );
});
