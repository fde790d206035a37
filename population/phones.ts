import type { MobileDeviceType } from '../protocol/resources.ts';

/** A phone model on the market, with OS versions published for it. */
interface PhoneModel {
  readonly platform: MobileDeviceType;
  readonly model: string;
  readonly osVersions: readonly string[];
}

/** Phones of the users. */
export const PHONE_MODELS: readonly PhoneModel[] = [
  { platform: 'iPhone', model: 'iPhone 12', osVersions: ['17.6.1', '18.5'] },
  { platform: 'iPhone', model: 'iPhone 13', osVersions: ['17.6.1', '18.5'] },
  { platform: 'iPhone', model: 'iPhone 14', osVersions: ['17.7.2', '18.5'] },
  { platform: 'iPhone', model: 'iPhone 14 Pro', osVersions: ['18.4.1', '18.5'] },
  { platform: 'iPhone', model: 'iPhone 15', osVersions: ['18.4.1', '18.5'] },
  { platform: 'iPhone', model: 'iPhone 15 Pro Max', osVersions: ['18.4.1', '18.5'] },
  { platform: 'iPhone', model: 'iPhone 16', osVersions: ['18.4.1', '18.5'] },
  { platform: 'iPhone', model: 'iPhone SE (3rd generation)', osVersions: ['17.6.1', '18.5'] },
  { platform: 'Android', model: 'Pixel 7', osVersions: ['13', '14', '15'] },
  { platform: 'Android', model: 'Pixel 8', osVersions: ['14', '15'] },
  { platform: 'Android', model: 'Pixel 9', osVersions: ['14', '15'] },
  { platform: 'Android', model: 'Galaxy S22', osVersions: ['13', '14'] },
  { platform: 'Android', model: 'Galaxy S23', osVersions: ['13', '14'] },
  { platform: 'Android', model: 'Galaxy S24', osVersions: ['14', '15'] },
  { platform: 'Android', model: 'Galaxy A54', osVersions: ['13', '14'] },
  { platform: 'Android', model: 'Xperia 1 V', osVersions: ['13', '14'] },
  { platform: 'Android', model: 'OnePlus 12', osVersions: ['14', '15'] },
];

/** The app with the SDK: id of its PingOne application, and its versions in the field. */
export const PHONE_APP = {
  applicationId: '6f1d1c7e-2b0a-4f0c-9a53-8d1f5a7c3e42',
  versions: ['2.4.0', '2.5.1', '3.0.0'],
} as const;
