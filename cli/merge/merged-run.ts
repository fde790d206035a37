import { findingWords } from '../../catalogue/finding-words.ts';
import { finding, kindOfFinding } from '../../catalogue/findings.ts';
import type { Finding } from '../../catalogue/findings.ts';
import type { MetricType } from '../../catalogue/metrics.ts';
import type { OwnDelay } from '../../contract/run-findings.ts';
import type { SeriesTotals } from '../../contract/series-totals.ts';
import { parseSelector } from '../../contract/threshold-expression.ts';
import type { DriftRules, ResilienceRules } from '../../record/analysis-rules.ts';
import type { Cause } from '../../record/causes.ts';
import { judge } from '../../record/judge.ts';
import type { KeptFailures } from '../../record/kept-failures.ts';
import { plannedLevels } from '../../record/planned-levels.ts';
import { evaluateThresholds } from '../../record/record-thresholds.ts';
import { iterationsOf } from '../../record/record-totals.ts';
import { RUN_VERSION } from '../../record/run-file.ts';
import type { Iterations, Rules, RunEnd, RunFile } from '../../record/run-file.ts';
import { asRead } from '../../record/series-damage.ts';
import { driftFindings } from '../drift-of-run.ts';
import type { DriftFound } from '../drift-of-run.ts';
import { VERSION } from '../package.ts';
import { foundInRecord } from '../record/recorded-search.ts';
import type { MergedSeries } from './merge-series.ts';
import { mergedScenarios } from './merged-scenarios.ts';
import { partFindings } from './part-findings.ts';
import type { Part } from './parts.ts';

/** Drift of the whole, by rules that all parts have in common. */
interface WholeDrift {
  readonly rules: DriftRules;
  readonly found: DriftFound;
}

const OF_DRIFT: readonly string[] = ['drifts', 'drift_not_judged'];

/**
 * run.json of the whole. Thresholds are evaluated anew; every other ending of a part (invalid, interrupted, aborted,
 * killed) holds for the whole, in the order of catalogue/exit-codes.ts.
 */
export function mergedRun(
  parts: readonly Part[],
  { totals, lengths, recorded }: MergedSeries,
  failures: KeptFailures,
  asked: Rules,
  testid: string,
  drift: WholeDrift | undefined,
): RunFile {
  const runs = parts.map(({ run, damage }) => asRead(run, damage()));
  const { script, intervalMs, thresholds } = runs[0]!;
  const startMs = Math.min(...runs.map(({ startedAt }) => Date.parse(startedAt)));
  const durations = runs.map(({ end }, at) => end?.durationMs ?? lengths[at]! * intervalMs);
  const durationMs = Math.max(...parts.map(({ shift }, at) => shift * intervalMs + durations[at]!));
  const ends = runs.map(({ end }) => end);
  const results = evaluateThresholds(totals, thresholds, durationMs, countersOf(ends));
  // Each part ends its capacity search on its own: the level is only valid while all parts still run.
  const search = foundInRecord(results, {
    reached: (level) =>
      recorded.every((series) => series.some(({ metric, tags }) => metric === 'flows' && tags['level'] === level)),
    durationMs: Math.min(...durations),
    levels: plannedLevels(runs),
  });
  const rules = mergedRules(ends, asked);
  const resilience = mergedResilience(runs.flatMap((run) => run.resilience ?? []));
  const simulatorOptions = sameOrNull(runs.map((run) => run.simulatorOptions ?? null));
  const settings = mergedSettings(runs.map((run) => run.settings));
  const end = {
    durationMs,
    iterations: mergedIterations(ends, totals),
    thresholds: results,
    ownDelay: worstDelay(ends.flatMap((one) => (one?.ownDelay == null ? [] : [one.ownDelay]))),
    simulator: mergedStarts(ends),
  };
  const { host } = runs[0]!;
  const judgement = judge({
    run: { script, host, settings },
    totals,
    end,
    told: [
      ...parts
        .flatMap((part, at) => toldBy(part, ends[at]!))
        // What one part found of its own drift is judged anew with all of them.
        .filter(({ code }) => drift === undefined || !OF_DRIFT.includes(code)),
      ...driftFindings(drift?.found, rules.gate),
      ...partFindings(parts),
    ],
    rules,
    search,
  });
  const reason = findingWords(judgement.findings);
  return {
    record: 'pairstorm-run',
    version: RUN_VERSION,
    testid,
    pairstorm: VERSION,
    host,
    script,
    startedAt: new Date(startMs).toISOString(),
    intervalMs,
    target: sameOrNull(runs.map(({ target }) => target)),
    simulated: runs.every(({ simulated }) => simulated),
    ...(simulatorOptions === null ? {} : { simulatorOptions }),
    seed: sameOrNull(runs.map(({ seed }) => seed)),
    inventory: sameOrNull(runs.map(({ inventory }) => inventory)),
    settings,
    ...(drift === undefined ? {} : { drift: drift.rules }),
    scenarios: mergedScenarios(
      parts.map(({ run: { scenarios }, shift }) => ({ scenarios, lateMs: shift * intervalMs })),
    ),
    thresholds,
    ...(resilience === undefined ? {} : { resilience }),
    machines: runs.flatMap(({ machines }) => machines),
    end: {
      endedAt: new Date(startMs + durationMs).toISOString(),
      ...judgement,
      causes: mergedCauses(ends, failures),
      rules,
      ...(reason === '' ? {} : { reason }),
      ...end,
      failures: failures.counts,
    },
  };
}

/**
 * Counters named by thresholds, for metrics without samples. Only a counter has a threshold value (0) without samples,
 * so a part that has a value there knew the type.
 */
function countersOf(ends: readonly (RunEnd | null)[]): ReadonlyMap<string, MetricType> {
  const judged = ends.flatMap((end) => end?.thresholds ?? []).filter(({ value }) => value !== null);
  return new Map(judged.map(({ metric }) => [parseSelector(metric).metric, 'counter']));
}

/** Findings of a part that carry over; the others are judged anew on the whole. */
function toldBy({ name, damage }: Part, end: RunEnd | null): readonly Finding[] {
  if (end === null)
    return [finding('killed', { subject: name }), ...damage().map((one) => ({ ...one, subject: name }))];
  return end.findings
    .filter(({ code }) => kindOfFinding(code)?.merged !== 'anew')
    .map((one) => ({ ...one, subject: one.subject === '' ? name : `${name}: ${one.subject}` }));
}

/** The strictest of the parts' rules and the requested ones. */
function mergedRules(ends: readonly (RunEnd | null)[], asked: Rules): Rules {
  const known = ends.flatMap((end) => (end?.rules === undefined ? [] : [end.rules]));
  return {
    gate: asked.gate || known.some(({ gate }) => gate),
    allowInvalid: asked.allowInvalid || (known.length > 0 && known.every(({ allowInvalid }) => allowInvalid)),
    allowNoSamples: asked.allowNoSamples || (known.length > 0 && known.every(({ allowNoSamples }) => allowNoSamples)),
    maxThrown: known.reduce((least, { maxThrown }) => Math.min(least, maxThrown), asked.maxThrown),
  };
}

/** The strictest of the parts' rules about faults: what one of them expects holds for the whole. */
function mergedResilience(rules: readonly ResilienceRules[]): ResilienceRules | undefined {
  if (rules.length === 0) return undefined;
  const hypotheses = rules.flatMap((one) => one.hypotheses).map((one) => [JSON.stringify(one), one] as const);
  return {
    ...rules.find(({ signInsPerMonth }) => signInsPerMonth !== undefined),
    hypotheses: [...new Map(hypotheses).values()],
    strict: rules.some(({ strict }) => strict),
    objective: Math.max(...rules.map(({ objective }) => objective)),
  };
}

/** Sum of the parts' counts. If one has none (killed, or older), they are counted from the failed flows. */
function mergedCauses(ends: readonly (RunEnd | null)[], failures: KeptFailures): readonly Cause[] {
  const counted = ends.every((end) => end !== null && (end.causes.length > 0 || end.failures.seen === 0));
  return counted ? failures.causesOf(ends.flatMap((end) => end!.causes)) : failures.causes;
}

/** If a part was killed, its unfinished iterations were never counted. */
function mergedIterations(ends: readonly (RunEnd | null)[], totals: SeriesTotals): Iterations {
  if (ends.includes(null)) return iterationsOf(totals);
  const sum = (name: Exclude<keyof Iterations, 'derived'>): number =>
    ends.reduce((total, end) => total + (end!.iterations[name] ?? 0), 0);
  return {
    planned: sum('planned'),
    started: sum('started'),
    completed: sum('completed'),
    interrupted: sum('interrupted'),
    dropped: sum('dropped'),
    ...(ends.every((end) => end?.iterations.thrown !== undefined) ? { thrown: sum('thrown') } : {}),
    ...(ends.some((end) => end?.iterations.derived === true) ? { derived: true } : {}),
  };
}

/** The worst of each figure; CPU is the sum over all machines. */
function worstDelay(delays: readonly OwnDelay[]): OwnDelay | null {
  if (delays.length === 0) return null;
  const worst = (list: readonly { readonly p99Ms: number; readonly maxMs: number }[]) => ({
    p99Ms: Math.max(...list.map(({ p99Ms }) => p99Ms)),
    maxMs: Math.max(...list.map(({ maxMs }) => maxMs)),
  });
  const stalls = delays.flatMap((delay) => (delay.stalls === undefined ? [] : [delay.stalls]));
  const young = delays.flatMap(({ gc }) => gc.youngMiB ?? []);
  const lags = delays.flatMap(({ startLag }) => (startLag === null ? [] : [startLag]));
  return {
    eventLoop: worst(delays.map(({ eventLoop }) => eventLoop)),
    startLag: lags.length === 0 ? null : worst(lags),
    cpuCores: delays.reduce((sum, { cpuCores }) => sum + cpuCores, 0),
    gc: {
      share: Math.max(...delays.map(({ gc }) => gc.share)),
      maxMs: Math.max(...delays.map(({ gc }) => gc.maxMs)),
      ...(young.length === 0 ? {} : { youngMiB: Math.max(...young) }),
    },
    ...(stalls.length === 0
      ? {}
      : {
          stalls: {
            lostMs: Math.max(...stalls.map(({ lostMs }) => lostMs)),
            maxMs: Math.max(...stalls.map(({ maxMs }) => maxMs)),
          },
        }),
  };
}

function mergedStarts(ends: readonly (RunEnd | null)[]): RunEnd['simulator'] {
  const starts = ends.map((end) => end?.simulator?.starts);
  return starts.every((count) => count !== undefined) ? { starts: starts.reduce((a, b) => a + b, 0) } : null;
}

/** The common value, or null. */
function sameOrNull<T>(values: readonly (T | null)[]): T | null {
  const [first = null] = values;
  return values.every((value) => JSON.stringify(value) === JSON.stringify(first)) ? first : null;
}

/** Settings that differ between parts, such as the execution segment, are marked as such. */
function mergedSettings(all: readonly RunFile['settings'][]): RunFile['settings'] {
  const names = new Set(all.flatMap((settings) => Object.keys(settings)));
  return Object.fromEntries(
    [...names].map((name) => {
      const values = new Set(all.map((settings) => settings[name]));
      return [name, values.size === 1 ? [...values][0]! : '(differs from part to part)'];
    }),
  );
}
