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

/**
 * URL by which a script asks the command to start and end its faults: a POST of `{fault, edge, definition}`, answered
 * with 204 once it is done. So the command can note each fault before it begins, and end it however the run ends. Not
 * a setting; k6 does not set it.
 */
export const FAULT_CONTROL = 'PAIRSTORM_FAULT_CONTROL';

/** Base URL of the target past Toxiproxy, for the simulator's admin API; unset: PF_BASE_URL. */
export const PAST_TOXIPROXY = 'PAIRSTORM_PAST_TOXIPROXY';
