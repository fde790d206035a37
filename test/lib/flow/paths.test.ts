import { describe, expect, test } from 'vitest';
import { makeInventory } from '../../../population/inventory.ts';
import { PRESETS, preset } from '../../../population/population.ts';
import { ASKING, FLOW_PATHS } from '../../../protocol/flow-paths.ts';
import { FLOW_STATUSES } from '../../../protocol/statuses.ts';
import { play, prescribed } from './stage.ts';

describe('the path of a kind', () => {
  test.each(Object.entries(FLOW_PATHS))('%s is told in states that a flow can have', (_kind, path) => {
    const states = path.split(' ').flatMap((word) => word.replace(/^\?/, '').split('|'));
    for (const state of states) if (state !== 'leave') expect(FLOW_STATUSES).toContain(state);
  });

  test('the states that ask for something are states of a flow', () => {
    for (const state of ASKING.split(' ')) expect(FLOW_STATUSES).toContain(state);
  });

  // As many as it takes for every variant of a preset to be there, whatever the seed.
  // Two of them at a time in `npm test`, which ones by chance; all of them in `npm run check:verdict`.
  const first = Math.floor(Math.random() * PRESETS.length);
  const some = process.env['VERDICT_SIBLINGS'] === undefined ? [0, 1] : PRESETS.keys();
  test.each([...some].map((at) => PRESETS[(first + at) % PRESETS.length]!))(
    'no user of the preset %s leaves it',
    async (name) => {
      const seed = Math.floor(Math.random() * 2 ** 32);
      const inventory = makeInventory({ users: 90, seed, version: 'test', population: preset(name) });
      const { result, table, failures } = await play(inventory, { PUSH_DECIDED_BY: 'poll' });
      expect(failures, `seed ${seed}`).toEqual([]);
      expect(table.outcomes).toEqual(prescribed(inventory));
      expect(result.summary.metrics['off_path']!.values['count']).toBe(0);
      expect(result.summary.metrics['outcome_mismatch']!.values['rate']).toBe(0);
    },
  );
});
