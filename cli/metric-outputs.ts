import { Option } from 'commander';
import type { Command } from 'commander';
import { ConfigurationError } from '../contract/configuration-error.ts';
import type { RunEnd, RunFile } from '../record/run-file.ts';
import { durationOf } from '../contract/duration.ts';
import type { IntervalOutputs, IntervalTarget } from '../engine/outputs/interval-outputs.ts';
import type { PlannedRunFacts } from '../engine/outputs/prometheus/run-facts.ts';
import { DEFAULT_TREND_STATS, readTrendStats } from '../engine/outputs/prometheus/trend-stats.ts';
import { REMOTE_WRITE_SETTINGS } from '../engine/outputs/remote-write/settings.ts';
import type { ExecutionPlan } from '../engine/run-options.ts';
import type { StopSignal } from '../engine/stop-signal.ts';
import { proxiesOf } from './proxy-environment.ts';
import { thisMachine } from './record/run-facts.ts';
import { STOPPING } from './stop-on-signals.ts';
import type { Terminal } from './terminal.ts';

/** How long to wait for a last scrape by Prometheus, in milliseconds. */
export interface LingerFlag {
  readonly prometheusLinger?: number;
}

/** Slightly longer than the usual scrape intervals, 15 s and 30 s. */
const LINGER_MS = 35_000;

export function addLingerFlag(command: Command): void {
  command.addOption(
    new Option(
      '--prometheus-linger <duration>',
      'with --out prometheus: how long to wait for a last scrape at the end; 0: do not wait (default: 35s)',
    ).argParser((text: string) => durationOf(text, '--prometheus-linger')),
  );
}

/** Opens the metric outputs, if any; a dry run only checks that they can be opened. Throws a ConfigurationError. */
export async function openMetricOutputs(
  targets: readonly IntervalTarget[],
  flags: LingerFlag & { readonly quiet?: true; readonly dryRun?: true },
  terminal: Terminal,
): Promise<IntervalOutputs | undefined> {
  if (flags.prometheusLinger !== undefined && targets.every(({ kind }) => kind !== 'prometheus')) {
    throw new ConfigurationError(
      '--prometheus-linger has no effect without --out prometheus=PORT; leave it out, or add it',
    );
  }
  if (targets.length === 0) return undefined;
  const { name } = REMOTE_WRITE_SETTINGS.trendStats;
  const stats = process.env[name] ?? '';
  const { IntervalOutputs } = await import('../engine/outputs/interval-outputs.ts');
  return IntervalOutputs.open(targets, {
    trendStats: readTrendStats(stats === '' ? DEFAULT_TREND_STATS : stats, name),
    instance: thisMachine().instance,
    proxies: proxiesOf(process.env),
    log: flags.quiet === true || flags.dryRun === true ? () => undefined : terminal.line,
    warn: (line) => terminal.line(`warning: ${line}`),
  });
}

/** The plan that outputs receive when a run starts. */
export function metricPlanOf(run: RunFile, { scenarios }: ExecutionPlan, startedAt: Date): PlannedRunFacts {
  return {
    ...run,
    startedAtMs: startedAt.getTime(),
    scenarios: run.scenarios.map((scenario, at) => ({ ...scenario, phase: scenarios[at]?.tags['phase'] })),
  };
}

/**
 * Passes the end of the run to the outputs and lets them deliver it. A signal ends the wait. After a hard stop there is
 * no wait for a scrape; a run that never started has nothing to deliver.
 */
export async function endMetricOutputs(
  outputs: IntervalOutputs,
  end: RunEnd | null | undefined,
  { prometheusLinger = LINGER_MS }: LingerFlag,
  stop: StopSignal,
): Promise<void> {
  if (end === undefined || end === null) return;
  const cut = new AbortController();
  const leave = (): void => cut.abort();
  for (const signal of STOPPING) process.on(signal, leave);
  try {
    outputs.finish(end);
    await outputs.close(stop.level === 'hard' ? 0 : prometheusLinger, cut.signal);
  } finally {
    for (const signal of STOPPING) process.off(signal, leave);
  }
}
