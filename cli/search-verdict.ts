import { heldRate, levelOf, levelsOf } from '../contract/held-rate.ts';
import type { SearchData, TimedLevel } from '../contract/held-rate.ts';
import type { ThresholdResult } from '../contract/run-record/run-file.ts';
import type { RunResult } from '../engine/run.ts';
import type { Settings } from '../lib/settings.ts';

/**
 * A search for capacity that found where the target breaks has done what it was asked to: it passes, if at least one rate
 * held and nothing broke but the next one (or starts that found no free virtual user there), and says in its reason which
 * rates these are. k6 knows no such thing and ends with 99.
 */
export function searchVerdict(result: RunResult, settings: Settings | undefined): RunResult {
  if (settings?.scenario !== 'capacity' || (result.verdict !== 'fail' && result.verdict !== 'pass')) return result;
  // Something else than a threshold failed it.
  if (result.verdict === 'fail' && result.thresholds.every(({ ok }) => ok)) return result;
  const found = searchFound(result.summary, levelsOf(settings), result.thresholds, ({ rate }) => `${rate} flows/s`);
  return found === undefined ? result : { ...result, exit: 'pass', verdict: 'pass', exitCode: 0, reason: found };
}

/**
 * What a search for capacity found, in words, where that is a success; else undefined. Beyond the rate that broke anything may
 * have failed: parts of a run end their searches each at its own time.
 */
export function searchFound<L extends TimedLevel>(
  data: SearchData,
  levels: readonly L[],
  thresholds: readonly Pick<ThresholdResult, 'metric' | 'ok'>[],
  inWords: (level: L) => string,
): string | undefined {
  const { held, broke } = heldRate(data, levels);
  if (held === undefined) return undefined;
  const failed = thresholds.filter(({ ok }) => !ok);
  if (broke === undefined)
    return failed.length === 0 ? `${inWords(held)} held, the highest rate that was tried` : undefined;
  const only = failed.every(({ metric }) => metric === 'dropped_iterations' || (levelOf(metric) ?? '') >= broke.level);
  return only ? `${inWords(held)} held, ${inWords(broke)} did not` : undefined;
}
