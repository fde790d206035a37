import type { Figures } from '../../contract/figures.ts';
import type { Settings } from '../../lib/settings.ts';
import type { Section } from '../../lib/summary.ts';
import { phaseRow, PHASE_HEAD } from '../../lib/summary/phases.ts';
import { textTable } from '../../lib/summary/text-table.ts';
import { SPIKE_PHASES } from './thresholds.ts';

/** Figures before, during and after the spike. */
export function spikeHeadline(figures: Figures, settings: Settings): Section {
  const { rate, spikeFactor, steadyMs, spikeMs, recoveryMs } = settings;
  const about = {
    steady: [`${rate} flows/s`, steadyMs],
    spike: [`${rate * spikeFactor} flows/s`, spikeMs],
    recovery: [`${rate} flows/s`, recoveryMs],
  } as const;
  const rows = SPIKE_PHASES.map((phase) => {
    const [load, ms] = about[phase];
    return phaseRow(figures, `${phase}, ${load}`, ms, { phase });
  });
  return ['BEFORE, DURING AND AFTER THE SPIKE', textTable([PHASE_HEAD, ...rows])];
}
