/** Part of the inventory that belongs to one k6 scenario: users `offset` to `offset + length − 1`. */
export interface Slice {
  readonly offset: number;
  readonly length: number;
}

/**
 * Deals the inventory to the scenarios of a run, in order, in proportion to the iterations that each plans, so that no
 * user is in two of them. Every scenario gets at least one user; the slices cover the inventory without a gap.
 */
export function sliceInventory(users: number, planned: Readonly<Record<string, number>>): Record<string, Slice> {
  const names = Object.keys(planned);
  const total = names.reduce((sum, name) => sum + planned[name]!, 0);
  const slices: Record<string, Slice> = {};
  let before = 0;
  let offset = 0;
  names.forEach((name, at) => {
    before += planned[name]!;
    const left = names.length - at - 1;
    const share = Math.round((users * before) / total);
    const end = left === 0 ? users : Math.min(users - left, Math.max(offset + 1, share));
    slices[name] = { offset, length: end - offset };
    offset = end;
  });
  return slices;
}

/** Which user an iteration plays, and whether the slice was used up before, so that the account must be reset first. */
export function userOf(slice: Slice, iterationInTest: number): { readonly index: number; readonly again: boolean } {
  return { index: slice.offset + (iterationInTest % slice.length), again: iterationInTest >= slice.length };
}
