/** Set in the environment of a script whose setup looks at the target before a load that will not come (`--dry-run`). */
export const DRY_RUN = 'PAIRSTORM_DRY_RUN';

/**
 * Variable of `__ENV` in which the command tells a bundle of ours through which proxy the target is reached, as
 * `http://host:port of NAME`, without credentials. No setting: what a user writes there is not heeded, and k6 does not tell it.
 */
export const PROXY_VARIABLE = 'PAIRSTORM_PROXY';
