import { expect, it } from 'vitest';
import { descriptorLimit, descriptorLine, descriptorsNeeded, limitIn } from '../../cli/descriptors.ts';
import { WHOLE, equalPart } from '../../engine/executors/stripe.ts';
import type { ScenarioPlan } from '../../engine/executors/table.ts';

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max processes             63432                63432                processes
Max open files            1024                 524288               files
`;

it('the limit is the soft one of this process', () => {
  expect(limitIn(LIMITS)).toBe(1_024);
  expect(limitIn(LIMITS.replace('1024  ', 'unlimited'))).toBeUndefined();
  expect(descriptorLimit()).toBeGreaterThan(0);
});

it('a plan needs descriptors by its virtual users, or by the connections that they share', () => {
  const plan = { executor: 'constant-arrival-rate', preAllocatedVus: 10, maxVus: 1_000 } as unknown as ScenarioPlan;
  const of = (parts: number, shared?: number): number =>
    descriptorsNeeded({ scenarios: [plan, plan], segment: parts === 1 ? WHOLE : equalPart(0, parts) }, shared);
  expect(of(1)).toBe(3_640);
  expect(of(4)).toBe(940);
  expect(of(1, 64)).toBe(168);
});

it('it is said only where the limit is near, and is a warning beyond it', () => {
  expect(descriptorLine(800, 1_000)).toBeUndefined();
  expect(descriptorLine(5_000, undefined)).toBeUndefined();
  expect(descriptorLine(1_801, 2_000)).toBe('descriptors  about 1,801 needed, limit 2,000');
  expect(descriptorLine(2_001, 2_000)).toMatch(
    /^warning: descriptors {2}about 2,001 needed, limit 2,000: raise "ulimit -n"/,
  );
});
