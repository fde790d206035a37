import { choice, setting } from '../../contract/setting.ts';

const STRICT = { parse: choice('strict', 'off'), default: 'strict' };

/** Which mistakes of a client are refused. `strict`: with the documented code; `off`: the mistake is let pass. */
export const STRICTNESS_SETTINGS = {
  renewCookie: setting('renewCookie', {
    ...STRICT,
    meaning: 'strict: the session value changes with each response and a stale one is refused',
  }),
  checkXsrf: setting('checkXsrf', { ...STRICT, meaning: 'off: requests without X-XSRF-Header are served' }),
  checkContentType: setting('checkContentType', {
    ...STRICT,
    meaning: 'off: ?action= names the action with any content type, or none',
  }),
  checkRequired: setting('checkRequired', {
    ...STRICT,
    meaning: 'off: a field that is missing is taken to be right, an empty body to be {}',
  }),
  checkUnknown: setting('checkUnknown', { ...STRICT, meaning: 'off: fields that no model has are ignored' }),
  checkState: setting('checkState', {
    ...STRICT,
    meaning: 'off: an action that the state does not offer changes nothing and is answered 200',
  }),
};
