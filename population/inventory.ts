import { faker } from '@faker-js/faker/locale/en';
import { draw, hash32 } from '../contract/draw.ts';
import type { Inventory, InventoryUser, Phone } from '../contract/inventory.ts';
import { concreteBehaviour, longestHumanMs } from './behaviour.ts';
import { drawDevices, drawNewPhone, phoneOf } from './devices.ts';
import { VARIANTS } from './variants.ts';
import type { Variant } from './variants.ts';

/** "Now" of every inventory, so that the same seed gives the same enrollment times on any day. */
const REFERENCE_DATE = '2025-06-01T00:00:00.000Z';

/** No quotes, backslashes or spaces, so that a password can be pasted into a shell or a form. */
const PASSWORD_CHARACTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789-_.+';
const PASSWORD_LENGTH = 16;

/**
 * One user of each variant, the slow ones first: a run with few users sees every variant, and the ones that take half a
 * minute do not start at its end.
 */
const FIRST_BLOCK: readonly Variant[] = VARIANTS.toSorted((a, b) => longestHumanMs(b) - longestHumanMs(a));

const TOTAL_SHARE = VARIANTS.reduce((sum, variant) => sum + variant.share, 0);

/** The variant whose part of the whole a number in [0, 1) falls into. */
function variantAt(fraction: number): Variant {
  let rest = fraction * TOTAL_SHARE;
  return VARIANTS.find((variant) => (rest -= variant.share) < 0)!;
}

function phoneFor(variant: Variant, devices: InventoryUser['devices']): Phone | null {
  if (variant.phone === 'none') return null;
  if (variant.phone === 'new') return drawNewPhone();
  return phoneOf(devices.find((device) => device.pushEnabled === true) ?? devices[0]!);
}

/** The user at an index, whoever stands before and after. */
function makeUser(variant: Variant, seed: number, index: number): InventoryUser {
  faker.seed(hash32(seed, 'user', index));
  const firstName = faker.person.firstName();
  const lastName = faker.person.lastName();
  const letters = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, '');
  const username = `${letters(firstName)}.${letters(lastName)}.${String(index).padStart(4, '0')}`;
  const devices = drawDevices(variant.devices, { firstName, username });
  const phone = phoneFor(variant, devices);
  return {
    username,
    password: faker.string.fromCharacters(PASSWORD_CHARACTERS, PASSWORD_LENGTH),
    firstName,
    lastName,
    status: variant.status ?? 'ACTIVE',
    devices,
    phone,
    kind: variant.kind,
    prescribed: variant.prescribed,
    behaviour: concreteBehaviour(variant, devices, phone, seed, index),
  };
}

function requireWhole(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${name} is ${value}; expected a whole number from ${min} to ${max}`);
  }
}

/**
 * Makes an inventory of `users` users. The first VARIANT_COUNT of them are one of each variant, slowest first; the rest
 * are drawn by the variants' shares. Same seed and version (of Pairstorm, for `generator`): same inventory, to the byte; a
 * shorter inventory of the same seed is the beginning of a longer one. Throws a RangeError for a number of users outside
 * 1 to 1,000,000 or a seed outside 0 to 2^32 − 1.
 */
export function makeInventory(o: { users: number; seed: number; version: string }): Inventory {
  requireWhole('users', o.users, 1, 1_000_000);
  requireWhole('seed', o.seed, 0, 0xffff_ffff);
  faker.setDefaultRefDate(REFERENCE_DATE);
  const users = Array.from({ length: o.users }, (_, index) =>
    makeUser(FIRST_BLOCK[index] ?? variantAt(draw(o.seed, 'variant', index)), o.seed, index),
  );
  return { version: 1, generator: `pairstorm ${o.version}`, seed: o.seed, users };
}
