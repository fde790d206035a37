import { DriftCollector } from '../../analysis/drift/collect.ts';
import type { Interval } from '../../contract/series-counts.ts';
import type { DriftRules } from '../../record/analysis-rules.ts';
import type { DriftFound } from '../drift-of-run.ts';
import { viewOfDrift } from '../drift-of-run.ts';
import { mergedScenarios } from './merged-scenarios.ts';
import type { Part } from './parts.ts';

/** Judges the drift of the whole, as its intervals come. */
interface WholeDrift {
  readonly rules: DriftRules;
  readonly add: (interval: Interval) => void;
  readonly found: () => DriftFound;
}

/** Undefined where drift was not judged, or by different rules from part to part: then what each part found holds for the whole. */
export function driftOfWhole(parts: readonly Part[]): WholeDrift | undefined {
  const rules = parts[0]!.run.drift;
  if (rules === undefined || parts.some(({ run }) => JSON.stringify(run.drift) !== JSON.stringify(rules)))
    return undefined;
  const { intervalMs } = parts[0]!.run;
  const started = parts.map(({ run }) => run.startedAt).sort()[0]!;
  const lengths = parts.map(({ run, shift }) => (run.end === null ? NaN : shift * intervalMs + run.end.durationMs));
  const collector = new DriftCollector({
    ...{ startedAt: started, intervalMs, drift: rules },
    scenarios: mergedScenarios(
      parts.map(({ run: { scenarios }, shift }) => ({ scenarios, lateMs: shift * intervalMs })),
    ),
    end: lengths.some(Number.isNaN) ? null : { durationMs: Math.max(...lengths) },
  });
  return {
    rules,
    add: (interval) => collector.add(interval),
    found: () => {
      try {
        const view = viewOfDrift(collector.finish(), rules);
        return { verdict: view.verdict, view };
      } catch (error) {
        return (error as Error).message;
      }
    },
  };
}
