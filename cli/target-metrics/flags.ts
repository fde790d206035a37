import type { Command } from 'commander';
import { collected } from '../flag-values.ts';
import type { TargetMetricFlags, TargetMetrics } from './target-metrics.ts';

/** The flag of commands that take nothing but what nodes themselves tell. */
export function addScrapeFlag(command: Command): Command {
  return command.option(
    '--target-metrics <url>',
    "record the target's own metrics (Prometheus text); repeatable, one per node",
    collected,
  );
}

export function addTargetMetricFlags(command: Command): void {
  addScrapeFlag(command)
    .option('--prometheus <url>', 'a Prometheus that has metrics of the target, for --query')
    .option('--query <name=promql>', 'with --prometheus: a series to record after the run; repeatable', collected);
}

/** Checked, before anything else is started; undefined if no flag asks for them. Throws a ConfigurationError. */
export async function openTargetMetrics(
  flags: TargetMetricFlags,
  clock: number,
  warn: (line: string) => void,
): Promise<TargetMetrics | undefined> {
  const { targetMetrics, prometheus, query } = flags;
  if (targetMetrics === undefined && prometheus === undefined && query === undefined) return undefined;
  const { TargetMetrics } = await import('./target-metrics.ts');
  const metrics = new TargetMetrics(flags, clock, warn);
  await metrics.check();
  return metrics;
}
