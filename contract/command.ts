// What our bundles and the command that runs them agree on.

/** Set if a script's setup checks the target but no load follows (`--dry-run`). */
export const DRY_RUN = 'PAIRSTORM_DRY_RUN';

/**
 * Variable of `__ENV` by which the command passes the proxy for the target, as `http://host:port of NAME` without
 * credentials. Not a setting: a user's value is ignored, and k6 does not set it.
 */
export const PROXY_VARIABLE = 'PAIRSTORM_PROXY';

/** Set if options replace our bundles' scenarios and the command has announced it. k6 does not set it. */
export const LOAD_REPLACED = 'PAIRSTORM_LOAD_REPLACED';

/** Maximum number of users that `pairstorm inventory` generates: a file of about 130 MB. */
export const LARGEST_INVENTORY = 200_000;
