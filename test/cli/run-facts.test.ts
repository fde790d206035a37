import { expect, it } from 'vitest';
import { runFile } from '../../cli/record/run-facts.ts';
import { simulatorArguments } from '../../cli/simulator-flags.ts';
import { UNPARTITIONED } from '../../engine/executors/partition.ts';

it('a record has the options of its simulator as they were given, so that a comparison sees what differs', () => {
  const given = ['accessToken=opaque', 'tokenMs=60000', 'tls=true', 'baseUrl=https://user:pass@sso.example.com'];
  const facts = {
    ...{ script: { name: 'smoke', builtIn: true, path: '' }, env: {}, given: [], simulated: true, inventory: null },
    ...{ simulatorArguments: simulatorArguments(given), intervalMs: 1_000, drift: undefined, resilience: undefined },
  };
  const plan = { scenarios: [], thresholds: [], segment: UNPARTITIONED, tags: {} };
  expect(runFile(facts, plan, new Date(0), 'name').simulatorOptions).toEqual([
    ...['access-token=opaque', 'token-ms=60000', 'tls', 'base-url=https://…@sso.example.com'],
  ]);
});
