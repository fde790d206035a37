import { choice, setting } from '../../contract/setting.ts';

const STRICT = { parse: choice('strict', 'off'), default: 'strict' };

/** Which client mistakes are rejected. `strict`: with the documented code; `off`: the mistake is ignored. */
export const STRICTNESS_SETTINGS = {
  renewCookie: setting('renewCookie', {
    ...STRICT,
    meaning: 'strict: the session value changes with each response, and a stale one is rejected',
  }),
  checkXsrf: setting('checkXsrf', { ...STRICT, meaning: 'off: requests without X-XSRF-Header are accepted' }),
  checkContentType: setting('checkContentType', {
    ...STRICT,
    meaning: 'off: ?action= selects the action with any content type, or none',
  }),
  checkRequired: setting('checkRequired', {
    ...STRICT,
    meaning: 'off: a missing field is assumed to be right, an empty body to be {}',
  }),
  checkUnknown: setting('checkUnknown', { ...STRICT, meaning: 'off: unknown fields are ignored' }),
  checkState: setting('checkState', {
    ...STRICT,
    meaning: 'off: an action that the state does not offer has no effect and returns 200',
  }),
};
