/**
 * The line (from 1) on which a text stops being JSON, or undefined if it is JSON, or merely ends too soon on its last
 * line. Node's message names no position for an unexpected token, so the line is searched for: the shortest run of first
 * lines whose fault is something else than its end.
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

/** True if a start of a text holds a fault already, and not only ends too soon. */
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
