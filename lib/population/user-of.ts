/**
 * The user that an iteration plays: offset + iterationInTest, unique over virtual users, workers and machines. After
 * the last user comes the first `again`; its account must then be reset.
 */
export function userOf(
  offset: number,
  iterationInTest: number,
  users: number,
): { readonly index: number; readonly again: boolean } {
  const turn = offset + iterationInTest;
  return { index: turn % users, again: turn >= users };
}
