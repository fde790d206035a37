import type { Distribution, Range } from '../../population/distributions.ts';
import { normalCdf } from './statistics.ts';

/** The part of a distribution, its cut left aside, that lies up to a value: from the textbook's formula of each. */
function whole(d: Distribution, ms: number): number {
  switch (d.distribution) {
    case 'fixed':
      return ms >= d.ms ? 1 : 0;
    case 'uniform':
      return Math.min(1, Math.max(0, (ms - d.minMs) / (d.maxMs - d.minMs)));
    case 'exponential':
      return ms <= 0 ? 0 : 1 - Math.exp(-ms / d.meanMs);
    case 'log-normal':
      return ms <= 0 ? 0 : normalCdf((Math.log(ms) - Math.log(d.medianMs)) / d.sigma);
    case 'histogram': {
      const total = d.counts.reduce((sum, count) => sum + count, 0);
      return d.counts.reduce((sum, count, at) => {
        const [from, to] = [d.edgesMs[at]!, d.edgesMs[at + 1]!];
        return sum + (count / total) * Math.min(1, Math.max(0, (ms - from) / (to - from)));
      }, 0);
    }
  }
}

/** The distribution function of what is drawn: a distribution as it is within its own cut and a range. */
export function cdfWithin(d: Distribution, within: Range): (ms: number) => number {
  const cut: Partial<Range> = 'meanMs' in d || 'medianMs' in d ? d : {};
  const low = whole(d, Math.max(within.minMs, cut.minMs ?? 0));
  const high = whole(d, Math.min(within.maxMs, cut.maxMs ?? Infinity));
  return (ms) => Math.min(1, Math.max(0, (whole(d, ms) - low) / (high - low)));
}
