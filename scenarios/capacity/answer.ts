import type { Figures } from '../../contract/figures.ts';
import { selector } from '../../contract/selector.ts';
import type { Settings } from '../../lib/settings.ts';
import type { Section } from '../../lib/summary.ts';
import { PHASE_HEAD, phaseRow } from '../../lib/summary/phases.ts';
import { textTable } from '../../lib/summary/text-table.ts';
import { heldRate, levelsOf, searchData } from './held-rate.ts';
import type { Level } from './held-rate.ts';

/** The tested rates, and the highest that held. */
export function capacityHeadline(figures: Figures, settings: Settings): Section {
  const levels = levelsOf(settings);
  const reached = levels.flatMap(({ level }) => {
    const flows = figures.values(selector('flows', { level }));
    return (flows?.['count'] ?? 0) > 0 ? [level] : [];
  });
  const { held, broke, broken } = heldRate(searchData(figures, reached), levels);
  const tried = levels.filter(({ level }) => reached.includes(level));
  const row = ({ level, rate }: Level): string[] => [
    ...phaseRow(figures, `${rate} flows/s`, settings.stepMs, { level }),
    held !== undefined && rate <= held.rate ? 'held' : broken.length > 0 ? 'broke' : 'not finished',
  ];
  const table = textTable([[...PHASE_HEAD, ''], ...tried.map(row)]);
  return ['CAPACITY', [...table, `    ${verdict(held, broke, broken)}`]];
}

function verdict(held: Level | undefined, broke: Level | undefined, broken: readonly string[]): string {
  const last = held === undefined ? 'no rate held' : `${held.rate} flows/s held`;
  if (broke === undefined) return `${last}, the highest tested; raise MAX_RATE to find the limit`;
  const why = broken.length > 0 ? broken.join(', ') : 'the run ended early';
  return `${last}; at ${broke.rate} flows/s: ${why}`;
}
