import type { Figures } from '../../contract/figures.ts';
import type { ScenarioName } from '../../contract/setting.ts';
import { capacityHeadline } from '../capacity/headline.ts';
import { resilienceHeadline } from '../faults/headline.ts';
import type { Settings } from '../settings.ts';
import { spikeHeadline } from '../spike/headline.ts';
import type { Section } from '../summary.ts';

/** What the summary of a scenario begins with, where it has something of its own. */
export const HEADLINES: Readonly<Partial<Record<ScenarioName, (figures: Figures, settings: Settings) => Section>>> = {
  capacity: capacityHeadline,
  spike: spikeHeadline,
  resilience: resilienceHeadline,
};
