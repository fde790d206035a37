/** Set in the environment of a script whose setup looks at the target before a load that will not come (`--dry-run`). */
export const DRY_RUN = 'PAIRSTORM_DRY_RUN';
