import { heldRate, levelsOf } from '../contract/held-rate.ts';
import type { RunResult } from '../engine/run.ts';
import type { Settings } from '../lib/settings.ts';

/**
 * A search for capacity that found where the target breaks has done what it was asked to: it passes, if at least one rate
 * held and nothing broke but the next one (or starts that found no free virtual user there), and says in its reason which
 * rates these are. k6 knows no such thing and ends with 99.
 */
export function searchVerdict(result: RunResult, settings: Settings | undefined): RunResult {
  if (settings?.scenario !== 'capacity' || (result.verdict !== 'fail' && result.verdict !== 'pass')) return result;
  const { held, broke } = heldRate(result.summary, levelsOf(settings));
  if (held === undefined) return result;
  if (broke === undefined) return { ...result, reason: `${held.rate} flows/s held, the highest rate that was tried` };
  const found = result.thresholds.every(
    ({ metric, ok }) => ok || metric === 'dropped_iterations' || metric.includes(`level:${broke.level}}`),
  );
  if (!found) return result;
  return {
    ...result,
    exit: 'pass',
    verdict: 'pass',
    exitCode: 0,
    reason: `${held.rate} flows/s held, ${broke.rate} flows/s did not`,
  };
}
