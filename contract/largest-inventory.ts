/** Most users that `pairstorm inventory` makes: a file of some 130 MB. */
export const LARGEST_INVENTORY = 200_000;
