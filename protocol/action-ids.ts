/**
 * Ids of the actions in this project's flows, as spelled in `_links`, in the media type and in `?action=`. Described in
 * ACTIONS (actions.ts).
 */
export const ACTION_IDS = [
  'submitIdentifier',
  'checkUsernamePassword',
  'authenticate',
  'selectDevice',
  'poll',
  'checkOtp',
  'continueAuthentication',
  'cancelAuthentication',
] as const;

/** Id of an action. */
export type ActionId = (typeof ACTION_IDS)[number];
