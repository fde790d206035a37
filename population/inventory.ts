import { faker } from '@faker-js/faker/locale/en';
import { hash32 } from '../contract/draw.ts';
import type { Inventory, InventoryUser, Phone } from '../contract/inventory.ts';
import type { MobileDeviceType } from '../protocol/resources.ts';
import { concreteBehaviour } from './behaviour.ts';
import { drawDevices, drawNewPhone, phoneOf } from './devices.ts';
import { PUSH_NEEDS } from './paths.ts';
import type { ClientName } from './population-file.ts';
import { DEFAULT_PRESET, preset } from './population.ts';
import type { Population } from './population.ts';
import { drawnUser } from './variant-of.ts';
import type { Variant } from './variants.ts';

/** "Now" of every inventory, so that a seed gives the same enrollment times on any day. */
const REFERENCE_DATE = '2025-06-01T00:00:00.000Z';

/** No quotes, backslashes or spaces, so that passwords can be pasted into a shell or a form. */
const PASSWORD_CHARACTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789-_.+';
const PASSWORD_LENGTH = 16;

const PLATFORM_OF: Readonly<Record<ClientName, MobileDeviceType | undefined>> = {
  android: 'Android',
  ios: 'iPhone',
  browser: undefined,
};

function phoneFor(
  { group, behaviour }: Variant,
  devices: InventoryUser['devices'],
  platform?: MobileDeviceType,
): Phone | null {
  if (group.phone === 'none' || platform === undefined) return null;
  const rooted = behaviour.payload === 'rooted';
  if (group.phone === 'new') return drawNewPhone(platform, rooted);
  return phoneOf(devices[group.devices.findIndex((need) => PUSH_NEEDS.includes(need))]!, rooted);
}

/** The user at an index, independent of all others. */
function makeUser(population: Population, seed: number, index: number): InventoryUser {
  const { variant, client: profile } = drawnUser(population, seed, index);
  const { group, kind, prescribed } = variant;
  const platform = PLATFORM_OF[profile];
  faker.seed(hash32(seed, 'user', index));
  const firstName = faker.person.firstName();
  const lastName = faker.person.lastName();
  const letters = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, '');
  const username = `${letters(firstName)}.${letters(lastName)}.${String(index).padStart(4, '0')}`;
  const owner = { firstName, username, ...(group.phone === 'paired' && platform !== undefined && { platform }) };
  const devices = drawDevices(group.devices, owner);
  return {
    username,
    password: faker.string.fromCharacters(PASSWORD_CHARACTERS, PASSWORD_LENGTH),
    firstName,
    lastName,
    status: group.account ?? 'ACTIVE',
    devices,
    phone: phoneFor(variant, devices, platform),
    kind,
    prescribed,
    behaviour: concreteBehaviour(variant, devices, profile, seed, index),
  };
}

function requireWhole(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${name} is ${value}; expected a whole number from ${min} to ${max}`);
  }
}

/** Input of makeInventory. */
interface InventoryPlan {
  readonly users: number;
  readonly seed: number;
  /** Version of Pairstorm, for `generator`. */
  readonly version: string;
  /** `everything` by default. */
  readonly population?: Population;
}

/**
 * Makes an inventory of `users` users, drawn by the shares of the population's variants; with `oneOfEachFirst` it
 * starts with one user of each variant, slowest first. The drawn ones are mixed: any stretch has the population's shares. The same seed, population and version give the same inventory,
 * byte for byte; a shorter one is a prefix of a longer one. Throws a RangeError unless users is 1 to 1,000,000 and seed
 * 0 to 2^32 − 1.
 */
export function makeInventory({
  users: count,
  seed,
  version,
  population = preset(DEFAULT_PRESET),
}: InventoryPlan): Inventory {
  requireWhole('users', count, 1, 1_000_000);
  requireWhole('seed', seed, 0, 0xffff_ffff);
  faker.setDefaultRefDate(REFERENCE_DATE);
  const users = Array.from({ length: count }, (_, index) => makeUser(population, seed, index));
  return { version: 1, generator: `pairstorm ${version}`, seed, population: population.name, users };
}
