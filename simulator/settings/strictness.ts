import type { SettingTable } from './model.ts';

/** `strict`: the mistake is refused with its documented code; `off`: it is let pass. */
export type Strictness = 'strict' | 'off';

/** Which mistakes of a client are refused. */
export interface StrictnessSettings {
  readonly renewCookie: Strictness;
  readonly checkXsrf: Strictness;
  readonly checkContentType: Strictness;
  readonly checkRequired: Strictness;
  readonly checkUnknown: Strictness;
  readonly checkState: Strictness;
}

const STRICT = { default: 'strict', unit: 'strict/off', allowed: ['strict', 'off'] } as const;

export const STRICTNESS_SETTINGS: SettingTable<StrictnessSettings> = {
  renewCookie: {
    ...STRICT,
    meaning: 'strict: the session value changes with each response and a stale one is refused',
  },
  checkXsrf: { ...STRICT, meaning: 'off: requests without X-XSRF-Header are served' },
  checkContentType: { ...STRICT, meaning: 'off: ?action= names the action with any content type, or none' },
  checkRequired: { ...STRICT, meaning: 'off: a field that is missing is taken to be right, an empty body to be {}' },
  checkUnknown: { ...STRICT, meaning: 'off: fields that no model has are ignored' },
  checkState: {
    ...STRICT,
    meaning: 'off: an action that the state does not offer changes nothing and is answered 200',
  },
};
