import { faker } from '@faker-js/faker/locale/en';
import type { InventoryDevice, Phone } from '../contract/inventory.ts';
import type { MobileDeviceType } from '../protocol/resources.ts';
import { PHONE_APP, PHONE_MODELS } from './phones.ts';

/** What a device shows of its owner. */
interface DeviceOwner {
  readonly firstName: string;
  readonly username: string;
  /** Platform of the mobile devices, unless drawn. */
  readonly platform?: MobileDeviceType;
}

const RFC_4648_BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** 160 bits, the length that RFC 4226 recommends, are 32 characters of base32. */
const TOTP_SECRET_LENGTH = 32;

/** Oldest enrollment, in years before faker's reference date. */
const ENROLLED_WITHIN_YEARS = 3;

type DeviceTraits = Omit<InventoryDevice, 'id' | 'role' | 'enrollmentTime'>;

/** Draws a phone model of a platform, or of any. */
function drawPhoneModel(of?: MobileDeviceType): Omit<Phone, 'deviceId' | 'rooted'> {
  const models = PHONE_MODELS.filter((model) => of === undefined || model.platform === of);
  const { platform, model, osVersions } = faker.helpers.arrayElement(models);
  return {
    platform,
    model,
    osVersion: faker.helpers.arrayElement(osVersions),
    applicationId: PHONE_APP.applicationId,
    applicationVersion: faker.helpers.arrayElement(PHONE_APP.versions),
  };
}

function mobile(owner: DeviceOwner, pushEnabled: boolean, otpEnabled: boolean, usable: boolean): DeviceTraits {
  const { platform, model, ...rest } = drawPhoneModel(owner.platform);
  const nickname = `${owner.firstName}'s ${platform === 'iPhone' ? 'iPhone' : 'phone'}`;
  return { type: platform, name: model, nickname, ...rest, pushEnabled, otpEnabled, usable };
}

const maskedNumber = (): string => `+1******${faker.string.numeric(2)}`;
const maskedAddress = (owner: DeviceOwner): string => `${owner.username.slice(0, 1)}***@e***.com`;

/** How to make a device for each need. */
const DEVICE_NEEDS = {
  push: (owner) => mobile(owner, true, false, true),
  push_and_code: (owner) => mobile(owner, true, true, true),
  code: (owner) => mobile(owner, false, true, true),
  push_unusable: (owner) => mobile(owner, true, false, false),
  sms: () => ({ type: 'SMS', target: maskedNumber(), usable: true }),
  sms_unusable: () => ({ type: 'SMS', target: maskedNumber(), usable: false }),
  voice: () => ({ type: 'Voice', target: maskedNumber(), usable: true }),
  email: (owner) => ({ type: 'Email', target: maskedAddress(owner), usable: true }),
  totp: () => ({
    type: 'TOTP',
    nickname: 'Authenticator app',
    usable: true,
    secret: faker.string.fromCharacters(RFC_4648_BASE32, TOTP_SECRET_LENGTH),
  }),
} as const satisfies Record<string, (owner: DeviceOwner) => DeviceTraits>;

/** A kind of device that a group may have. */
export type DeviceNeed = keyof typeof DEVICE_NEEDS;

/** Draws the devices of an account from faker's current state; the first is the primary one. */
export function drawDevices(needs: readonly DeviceNeed[], owner: DeviceOwner): InventoryDevice[] {
  return needs.map((need, at) => ({
    id: faker.string.uuid(),
    role: at === 0 ? 'PRIMARY' : 'TRUSTED',
    enrollmentTime: faker.date.past({ years: ENROLLED_WITHIN_YEARS }).toISOString(),
    ...DEVICE_NEEDS[need](owner),
  }));
}

/** Draws a phone that is not paired with any account. */
export function drawNewPhone(platform: MobileDeviceType, rooted: boolean): Phone {
  return { ...drawPhoneModel(platform), deviceId: null, rooted };
}

/** The phone behind a paired mobile device. */
export function phoneOf(device: InventoryDevice, rooted: boolean): Phone {
  const { type, name, osVersion, applicationId, applicationVersion } = device;
  if (
    (type !== 'iPhone' && type !== 'Android') ||
    name === undefined ||
    osVersion === undefined ||
    applicationId === undefined ||
    applicationVersion === undefined
  ) {
    throw new TypeError(`device ${device.id} is of type ${type}, not a phone; list a push device in the group`);
  }
  return {
    platform: type,
    model: name,
    osVersion,
    applicationId,
    applicationVersion,
    deviceId: device.id,
    rooted,
  };
}
