/**
 * Variable of `__ENV` in which the command tells a bundle of ours through which proxy the target is reached, as
 * `http://host:port of NAME`, without credentials. No setting: what a user writes there is not heeded, and k6 does not tell it.
 */
export const PROXY_VARIABLE = 'PAIRSTORM_PROXY';
