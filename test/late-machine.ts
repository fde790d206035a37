import type { OwnDelay } from '../contract/run-findings.ts';

/** Think time between the latest answer of a person and the end of what waits for it, in milliseconds: no variant has less. */
const MARGIN_MS = 2_000;

/**
 * Whether a run with shortened think time says nothing, because the machine stood still for a good part of the time that a
 * person had left. The same rule as for users: a run whose generator was late is invalid, and no finding.
 */
function wasLate(ownDelay: OwnDelay | null, timeScale: number): boolean {
  return (ownDelay?.eventLoop.maxMs ?? 0) > (MARGIN_MS * timeScale) / 4;
}

/**
 * Plays at a time scale, and again at twice the scale while something differs from what was expected and the machine was
 * late: so neither hides the other. Four times the scale is the last try, and counts.
 */
export async function inTime<Played>(
  timeScale: number,
  play: (timeScale: number) => Promise<Played>,
  differs: (played: Played) => OwnDelay | null | undefined,
): Promise<Played> {
  for (const factor of [1, 2]) {
    const played = await play(timeScale * factor);
    const ownDelay = differs(played);
    if (ownDelay === undefined || !wasLate(ownDelay, timeScale * factor)) return played;
  }
  return play(timeScale * 4);
}
