// What our bundles know about the command that runs them.

/** Set in the environment of a script whose setup checks the target without any load to follow (`--dry-run`). */
export const DRY_RUN = 'PAIRSTORM_DRY_RUN';

/**
 * Variable of `__ENV` in which the command tells our bundles which proxy leads to the target, as `http://host:port of NAME`,
 * without credentials. Not a setting: a user's value is ignored, and k6 does not set it.
 */
export const PROXY_VARIABLE = 'PAIRSTORM_PROXY';

/** Set in the environment of our bundles where the command lets options replace their scenarios, and has said so. k6 does not set it. */
export const LOAD_REPLACED = 'PAIRSTORM_LOAD_REPLACED';

/** Maximum number of users that `pairstorm inventory` makes: a file of some 130 MB. */
export const LARGEST_INVENTORY = 200_000;
