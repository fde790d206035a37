import { ConfigurationError } from '../contract/configuration-error.ts';
import type { OptionLayer } from '../engine/consolidate.ts';
import type { ExecutionPlan } from '../engine/run-options.ts';

interface Flags {
  readonly summaryExport?: string;
  readonly dryRun?: true;
  readonly json?: true;
  readonly gate?: true;
}

/** Flags that cannot be combined, and why; the first match is reported. */
const CONTRADICTIONS: readonly (readonly [
  is: (flags: Flags, layers: readonly OptionLayer[]) => boolean,
  line: string,
])[] = [
  [
    ({ summaryExport }, layers) =>
      summaryExport !== undefined &&
      layers.findLast(({ values }) => values['summaryMode'] !== undefined)?.values['summaryMode'] === 'disabled',
    '--summary-export cannot be combined with --summary-mode disabled',
  ],
  [
    ({ dryRun, gate }) => dryRun === true && gate === true,
    '--gate cannot be combined with --dry-run, which has no verdict',
  ],
  [
    ({ dryRun, json }) => dryRun === true && json === true,
    '--json cannot be combined with --dry-run, which has no result',
  ],
];

export function refuseContradictions(flags: Flags, layers: readonly OptionLayer[]): void {
  const found = CONTRADICTIONS.find(([is]) => is(flags, layers));
  if (found !== undefined) throw new ConfigurationError(`${found[1]}; leave one of them out`);
}

/** Throws a ConfigurationError for a run without thresholds: its gate could never fail. */
export function requireThresholds({ thresholds }: ExecutionPlan, script: string): void {
  if (thresholds.length > 0) return;
  throw new ConfigurationError(
    `--gate: ${script} has no thresholds, so the run could not fail; leave out --no-thresholds, or add thresholds to the script`,
  );
}
