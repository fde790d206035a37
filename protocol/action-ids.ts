/**
 * Ids of the actions that the flows of this project use, as spelled in `_links`, in the media type and in `?action=`. Each is
 * described in ACTIONS (actions.ts).
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
