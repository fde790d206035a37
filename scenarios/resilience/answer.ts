import { NO_FAULT, BINS } from '../../catalogue/phases.ts';
import { TAG_VALUES } from '../../catalogue/tag-values.ts';
import type { Figures } from '../../contract/figures.ts';
import { selector } from '../../contract/selector.ts';
import type { Settings } from '../../lib/settings.ts';
import type { Section } from '../../lib/summary.ts';
import { milliseconds, percentage, textTable } from '../../lib/summary/text-table.ts';
import { faultNames, isExternal } from './faults.ts';
import { rangeOf, recoveryMs } from './recovery.ts';
import type { Bin } from './recovery.ts';
import { binMs } from './bins.ts';

type Tags = Readonly<Record<string, string>>;

/** Measurements of a part of the run; undefined if it had no requests. */
function seen(figures: Figures, tags: Tags): Bin | undefined {
  const values = (metric: string) => figures.values(selector(metric, tags));
  const duration = values('phase_duration');
  if (duration === undefined) return undefined;
  return {
    failed: values('phase_failed')?.['rate'] ?? 0,
    mismatch: values('phase_mismatch')?.['rate'] ?? 0,
    p95Ms: duration['p(95)'] ?? 0,
  };
}

function cells(part: Bin | undefined): readonly [string, string, string] {
  if (part === undefined) return ['-', '-', '-'];
  return [percentage(part.failed), percentage(part.mismatch), milliseconds(part.p95Ms)];
}

/**
 * k6's table: per fault, counts of both sides, effects during and after it, and the time to recover, to a twentieth of
 * RECOVERY_DURATION. The command computes recovery with an interval from its record (analysis/recovery/).
 */
export function resilienceHeadline(figures: Figures, settings: Settings): Section {
  const bins = (fault: string) => BINS.map((bin) => seen(figures, { fault, bin }));
  const range = rangeOf(bins(NO_FAULT));
  const resolution = binMs(settings.recoveryMs);
  const count = (metric: string, fault: string): number =>
    TAG_VALUES.how.reduce((n, how) => n + (figures.values(selector(metric, { fault, how }))?.['count'] ?? 0), 0);
  const external = isExternal(settings);
  let unequal = 0;
  const rows = faultNames(settings).map((fault) => {
    const [here, there] = [count('faults_seen', fault), count('faults_served', fault)];
    if (!external && here !== there) unequal++;
    const during = cells(seen(figures, { fault, phase: 'fault' }));
    const after = cells(seen(figures, { fault, phase: 'recovery' }));
    const back = recoveryMs(range, bins(fault), resolution);
    return [
      fault,
      String(here),
      external ? '-' : `${there} ${here === there ? '✓' : '✗'}`,
      ...during.flatMap((cell, at) => [cell, after[at]!]),
      back === undefined ? `not within ${seconds(settings.recoveryMs)}` : back === 0 ? 'immediately' : seconds(back),
    ];
  });
  const before = cells(seen(figures, { fault: NO_FAULT }));
  const head = ['', 'seen', 'served', 'errors', 'after', 'mismatch', 'after', 'p95', 'after', 'recovered'];
  return [
    'FAULTS (coarse: “pairstorm import” of the samples tells the recovery with its interval)',
    [
      ...textTable([head, ...rows]),
      `    before the first fault: errors ${before[0]}, mismatch ${before[1]}, p95 ${before[2]}`,
      `    mismatch: flows with an unexpected outcome; recovered, coarsely (by ${seconds(resolution)}): back within the worst of before`,
      ...(unequal === 0 ? [] : ["    ✗ client and simulator counts differ; the fault's impact is only partly known"]),
    ],
  ];
}

function seconds(ms: number): string {
  return `${Math.round(ms) / 1000} s`;
}
