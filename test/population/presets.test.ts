import { describe, expect, test } from 'vitest';
import { draw } from '../../contract/draw.ts';
import type { Behaviour } from '../../contract/inventory.ts';
import { concreteBehaviour } from '../../population/behaviour.ts';
import { makeInventory } from '../../population/inventory.ts';
import { PRESETS, preset } from '../../population/population.ts';
import type { Population } from '../../population/population.ts';
import { timingsOf } from '../../population/timings.ts';
import type { Timing } from '../../population/timings.ts';
import { drawnUser, notDrawn } from '../../population/variant-of.ts';
import type { Variant } from '../../population/variants.ts';
import { cdfWithin } from './delay-cdf.ts';
import { KOLMOGOROV_99_9, binomialInterval, kolmogorovSmirnov } from './statistics.ts';

const USERS = 5_000;

/** Drawn with everything that an inventory has; the further seeds without names and devices, which take the time. */
const INVENTORY_SEED = 7;
const FURTHER_SEEDS = [11, 2024];

interface Drawn {
  readonly variant: Variant;
  readonly behaviour: Behaviour;
}

/** Indices of 5,000 users of a preset, none of whom stands there without having been drawn. */
const indices = (population: Population): number[] =>
  Array.from({ length: USERS }, (_, at) => at + notDrawn(population));

function drawnByInventory(population: Population): Drawn[] {
  const skip = notDrawn(population);
  const { users } = makeInventory({ users: USERS + skip, seed: INVENTORY_SEED, version: 'test', population });
  return indices(population).map((index) => {
    const { variant } = drawnUser(population, INVENTORY_SEED, index);
    const { kind, prescribed, behaviour } = users[index]!;
    if (kind !== variant.kind || prescribed !== variant.prescribed)
      throw new Error(`user ${index} is not of its variant`);
    return { variant, behaviour };
  });
}

function drawnAlone(population: Population, seed: number): Drawn[] {
  return indices(population).map((index) => {
    const { variant, client: profile } = drawnUser(population, seed, index);
    const devices = variant.group.devices.map(() => ({ id: 'x', type: 'SMS', usable: true }) as const);
    return { variant, behaviour: concreteBehaviour(variant, devices, profile, seed, index) };
  });
}

const cases = PRESETS.map(preset).flatMap((population) => [
  { name: population.name, seed: INVENTORY_SEED, population, drawn: () => drawnByInventory(population) },
  ...FURTHER_SEEDS.map((seed) => ({
    name: population.name,
    seed,
    population,
    drawn: () => drawnAlone(population, seed),
  })),
]);

describe.each(cases)('5,000 users of $name, seed $seed', ({ population, drawn }) => {
  const users = drawn();

  /** Names whose count lies outside the binomial interval of their share. */
  function outside(keyOf: (of: Variant) => string): string[] {
    const shares = new Map<string, number>();
    const counts = new Map<string, number>();
    for (const variant of population.variants) {
      shares.set(keyOf(variant), (shares.get(keyOf(variant)) ?? 0) + variant.share);
    }
    for (const { variant } of users) counts.set(keyOf(variant), (counts.get(keyOf(variant)) ?? 0) + 1);
    expect([...shares.values()].reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    return [...shares].flatMap(([key, share]) => {
      const count = counts.get(key) ?? 0;
      const [low, high] = binomialInterval(USERS, share);
      return low <= count && count <= high ? [] : [`${key}: ${count} users, expected ${low} to ${high}`];
    });
  }

  test('end in each outcome and are in each kind and group as often as the population says, within the binomial 99.9 % interval', () => {
    expect(outside(({ prescribed }) => prescribed)).toEqual([]);
    expect(outside(({ kind }) => kind)).toEqual([]);
    expect(outside(({ group }) => group.name)).toEqual([]);
  });

  test('take as long as their distributions say, by the Kolmogorov–Smirnov test at 99.9 %', () => {
    const parts = new Map<Timing['of'], number[]>();
    const wrong: string[] = [];
    for (const { variant, behaviour } of users) {
      for (const { of, from, within } of timingsOf(variant, behaviour.profile)) {
        const ms = delayOf(behaviour, of);
        if (ms < within.minMs || ms > within.maxMs) wrong.push(`${of} ${ms}`);
        if (from.distribution === 'fixed') {
          if (ms !== from.ms) wrong.push(`${of} ${ms}`);
          continue;
        }
        const list = parts.get(of) ?? [];
        parts.set(of, list);
        list.push(cdfWithin(from, within)(ms));
      }
    }
    for (const [of, values] of parts) {
      const statistic = kolmogorovSmirnov(values);
      if (statistic >= KOLMOGOROV_99_9) wrong.push(`${of}: ${statistic} of ${values.length} delays`);
    }
    expect(wrong).toEqual([]);
  });
});

test.each(PRESETS.map(preset))('any stretch of $name has its shares, and neighbours are independent', (population) => {
  const first = notDrawn(population);
  const users = Array.from({ length: USERS }, (_, at) => drawnUser(population, INVENTORY_SEED, first + at));
  const wrong: string[] = [];
  const judge = (name: string, share: number, holds: (of: (typeof users)[number]) => boolean): void => {
    const marks = users.map((user) => Number(holds(user)));
    const chance = share * (1 - share);
    // Of 487 users drawn one by one this would be 1.
    const off = Array.from({ length: 60 }, (_, stretch) => {
      const from = stretch * 73;
      const count = marks.slice(from, from + 487).reduce((sum, mark) => sum + mark, 0);
      return (count - 487 * share) ** 2 / (487 * chance);
    });
    const spread = off.reduce((sum, one) => sum + one, 0) / off.length;
    // A count of a few cannot be much nearer than one off.
    if (487 * chance > 3 && spread > 0.3) wrong.push(`${name}: ${spread.toFixed(2)} of what chance would give`);
    // How often two neighbours are both so, within four standard errors of chance.
    const pairs = marks.filter((mark, at) => at > 0 && mark === 1 && marks[at - 1] === 1).length;
    const expected = USERS * share ** 2;
    if (Math.abs(pairs - expected) > 4 * Math.sqrt(expected) + 3)
      wrong.push(`${name}: ${pairs} pairs, not ${expected}`);
  };
  const shares = new Map<string, number>();
  for (const { kind, share } of population.variants) shares.set(kind, (shares.get(kind) ?? 0) + share);
  for (const [kind, share] of shares) if (share < 1) judge(kind, share, ({ variant }) => variant.kind === kind);
  for (const client of ['android', 'ios'] as const) {
    const share = population.variants.reduce((sum, { share: of, clients }) => {
      const all = Object.values(clients).reduce((total, part) => total + part, 0);
      return sum + (of * (clients[client] ?? 0)) / all;
    }, 0);
    if (share > 0 && share < 1) judge(client, share, (user) => user.client === client);
  }
  expect(wrong).toEqual([]);
});

/** The delay of a behaviour that a timing is of. */
function delayOf({ push, pairing, otp, leave, think }: Behaviour, of: Timing['of']): number {
  const delays = { push, pairing, otp, expiredOtp: otp, leave };
  const ms =
    of in delays ? delays[of as keyof typeof delays]?.afterMs : think?.[of.slice('think.'.length) as 'MFA_COMPLETED'];
  if (ms === undefined) throw new Error(`the user has no delay of ${of}`);
  return ms;
}

test('the tests themselves tell a wrong share and a wrong distribution from right ones', () => {
  const [low, high] = binomialInterval(USERS, 0.1);
  // 500 ± 3.29 × √(5000 × 0.1 × 0.9) = 430 to 570; the exact interval is a little off its centre.
  expect(Math.abs(low - 430)).toBeLessThanOrEqual(2);
  expect(Math.abs(high - 570)).toBeLessThanOrEqual(2);
  const uniform = Array.from({ length: USERS }, (_, at) => draw(1, 'uniform', at));
  expect(kolmogorovSmirnov(uniform)).toBeLessThan(KOLMOGOROV_99_9);
  expect(kolmogorovSmirnov(uniform.map((u) => u ** 1.1))).toBeGreaterThan(KOLMOGOROV_99_9);
});

describe('a preset', () => {
  const shareOf = (name: string, holds: (variant: Variant) => boolean): number =>
    preset(name)
      .variants.filter(holds)
      .reduce((sum, { share }) => sum + share, 0);

  test('does what its name says', () => {
    expect(shareOf('first-launch', ({ group }) => group.phone === 'new' && group.pairing !== undefined)).toBeCloseTo(
      1,
      9,
    );
    expect(shareOf('steady-state', ({ behaviour }) => behaviour.push === 'approve')).toBeGreaterThan(0.8);
    expect(shareOf('campaign', ({ group }) => group.phone === 'new')).toBeGreaterThan(0.8);
    expect(shareOf('otp-heavy', ({ behaviour }) => behaviour.otp !== undefined)).toBeGreaterThan(0.9);
    expect(shareOf('hostile', ({ prescribed }) => prescribed === 'refused')).toBeGreaterThan(0.2);
    expect(shareOf('hostile', ({ prescribed }) => prescribed === 'otp_failed')).toBeGreaterThan(0.2);
  });
});
