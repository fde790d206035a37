import type { Figures } from '../../contract/figures.ts';
import { selector } from '../../contract/selector.ts';
import type { Settings } from '../../lib/settings.ts';
import type { Section } from '../../lib/summary.ts';
import { PHASE_HEAD, phaseRow } from '../../lib/summary/phases.ts';
import { textTable } from '../../lib/summary/text-table.ts';
import { endingOf, heldRate, levelsOf, searchData } from '../../contract/held-rate.ts';
import type { Level } from '../../contract/held-rate.ts';

/** What a staircase leaves out. */
const STEP_NOT_ERROR =
  'a staircase tells a step, not an error; "pairstorm capacity" gives an interval, and pairings an hour';

/** The rates that were tried, and the last one that held. */
export function capacityHeadline(figures: Figures, settings: Settings): Section {
  const levels = levelsOf(settings);
  const reached = levels.flatMap(({ level }) => {
    const flows = figures.values(selector('flows', { level }));
    return (flows?.['count'] ?? 0) > 0 ? [level] : [];
  });
  const found = heldRate(searchData(figures, reached), levels);
  const { held, broke, broken } = found;
  const tried = levels.filter(({ level }) => reached.includes(level));
  // The last one may have ended before its time.
  const ranMs = ({ endMs }: Level): number =>
    Math.min(settings.stepMs, Math.max(1_000, figures.durationMs - endMs + settings.stepMs));
  const row = ({ level, rate, endMs }: Level): string[] => [
    ...phaseRow(figures, `${rate} flows/s`, ranMs({ level, rate, endMs }), { level }),
    endingOf(level, found),
  ];
  const table = textTable([[...PHASE_HEAD, ''], ...tried.map(row)]);
  return ['CAPACITY', [...table, `    ${verdict(held, broke, broken)}`, `    ${STEP_NOT_ERROR}`]];
}

function verdict(held: Level | undefined, broke: Level | undefined, broken: readonly string[]): string {
  const last = held === undefined ? 'no rate held' : `${held.rate} flows/s held`;
  if (broke === undefined) return `${last}, the highest tested; raise MAX_RATE to find the limit`;
  const why = broken.length > 0 ? broken.join(', ') : 'the run ended early';
  return `${last}; at ${broke.rate} flows/s: ${why}`;
}
