import { finding } from '../../catalogue/findings.ts';
import type { Finding } from '../../catalogue/findings.ts';
import { LATEST_MS } from '../part/part-flags.ts';
import type { Part } from './parts.ts';

/** What the numbers and clocks of parts (run --part) say about the whole. */
export function partFindings(parts: readonly Part[]): readonly Finding[] {
  return [...missing(parts), ...apart(parts)];
}

function missing(parts: readonly Part[]): Finding[] {
  const numbered = parts.flatMap(({ run: { part } }) => (part === undefined ? [] : [part]));
  const [{ of } = { of: 0 }] = numbered;
  const there = new Set(numbered.map(({ index }) => index));
  const lacking = Array.from({ length: of }, (_, index) => index).filter((index) => !there.has(index));
  return lacking.length === 0 ? [] : [finding('parts_missing', { data: { of, missing: lacking } })];
}

/**
 * Parts that were to start at one moment and did not: a start is known by the own clock, and the own clock by the
 * target's, each within bounds. Only what lies beyond all bounds is said.
 */
function apart(parts: readonly Part[]): Finding[] {
  const starts = parts.flatMap(({ name, run: { part, startedAt } }) => {
    if (part?.startAt === undefined) return [];
    const { fromMs, toMs } = part.clockAtStart ?? part.clockAtEnd ?? { fromMs: 0, toMs: 0 };
    return [{ name, earliest: Date.parse(startedAt) - toMs, latest: Date.parse(startedAt) - fromMs }];
  });
  const [first] = starts;
  if (first === undefined) return [];
  const early = starts.reduce((least, one) => (one.latest < least.latest ? one : least), first);
  const late = starts.reduce((most, one) => (one.earliest > most.earliest ? one : most), first);
  const ms = late.earliest - early.latest;
  return ms <= LATEST_MS ? [] : [finding('parts_apart', { data: { early: early.name, late: late.name, ms } })];
}
