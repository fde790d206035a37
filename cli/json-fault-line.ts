/**
 * The line (from 1) on which a text stops being JSON. Undefined if it is JSON, or merely truncated on its last line.
 * Node's message gives no position for an unexpected token, so this is a binary search for the shortest prefix of lines
 * with a fault other than truncation.
 */
export function jsonFaultLine(text: string): number | undefined {
  const ends: number[] = [];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) ends.push(at + 1);
  ends.push(text.length);
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isFaulty(text.slice(0, ends[middle]))) high = middle;
    else low = middle + 1;
  }
  return low < ends.length ? low + 1 : undefined;
}

/** True if a prefix is faulty in itself, not merely truncated. */
function isFaulty(start: string): boolean {
  try {
    JSON.parse(start);
    return false;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const position = /at position (\d+)/.exec(message)?.[1];
    return position === undefined ? message.startsWith('Unexpected token') : Number(position) < start.length;
  }
}
