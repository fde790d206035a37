import { nodesWords, rateWords } from '../../analysis/planning/units.ts';
import type { PlanFile } from './plan-file.ts';

/** The plan in a few words. */
export const headline = ({ nodes, peakPerSecond }: Pick<PlanFile, 'nodes' | 'peakPerSecond'>): string =>
  nodes === null
    ? `no number of nodes takes ${rateWords(peakPerSecond)}`
    : `${nodesWords(nodes)} for ${rateWords(peakPerSecond)}`;
