import { performance } from 'node:perf_hooks';
import { sentenceOf } from '../catalogue/finding-words.ts';
import { finding } from '../catalogue/findings.ts';
import type { Finding } from '../catalogue/findings.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { generatorFindings, iterationFindings, thresholdFindings } from '../contract/run-findings.ts';
import type { OwnDelay } from '../contract/run-findings.ts';
import type { TrendTotal } from '../contract/series-counts.ts';
import type { ThresholdDefinition, ThresholdResult } from '../contract/threshold-expression.ts';
import { compileBundle } from './bundle.ts';
import { configure } from './configure.ts';
import { executorOf, regularDurationMs } from './executors/table.ts';
import type { ScenarioPlan } from './executors/table.ts';
import { watchHeap } from './generator-health/heap-watch.ts';
import { worstOf } from './generator-health/monitor.ts';
import { endedBy, failureFinding, noteFailure, said, thrownFinding } from './host-findings.ts';
import { proxyChoice } from './http/proxy.ts';
import { callLifecycle } from './lifecycle-call.ts';
import type { LifecycleEnd } from './lifecycle-call.ts';
import { iterationCounts } from './live-counts.ts';
import { summaryData, summaryGroup, withoutSamples } from './metrics/summary.ts';
import { evaluate, readThresholds } from './metrics/thresholds.ts';
import type { Threshold, RunThresholds } from './metrics/thresholds.ts';
import type { OutputTarget } from './outputs/output-target.ts';
import { openOutputs } from './outputs/sample-outputs.ts';
import type { SampleOutputs } from './outputs/sample-outputs.ts';
import { turnOffPretenuring } from './pretenuring.ts';
import { createRealm } from './realm.ts';
import { recordIntervals } from './recording/record-here.ts';
import type { Recording } from './recording/record-here.ts';
import { resultEnd } from './result.ts';
import type { HostFinding, RunResult } from './result.ts';
import type { RunOptions } from './run-options.ts';
import type { ScenarioHost } from './scenario-host.ts';
import { scenariosHere } from './scenarios-here.ts';
import { readScriptSource } from './script-source.ts';
import type { ScriptSource } from './script-source.ts';
import { StopSignal } from './stop-signal.ts';
import { handleSummary } from './summary-files.ts';
import { TestRun } from './test-run.ts';
import { describeThrown } from './thrown.ts';
import type { ScriptPlace } from './thrown.ts';
import { watchRejections } from './unhandled-rejections.ts';
import type { VirtualUser } from './virtual-user.ts';
import { watchRun } from './watch.ts';

const INTERVAL_MS = 1_000;
const STUCK_AFTER_MS = 5_000;
const LOSE_AFTER_MS = 30_000;

/**
 * Runs a k6 script bundle from init to summary (k6-contract.md section 1). Never rejects because of a script or target:
 * every run ends with a result that has an exit code and a one-line reason.
 */
export async function run(options: RunOptions): Promise<RunResult> {
  turnOffPretenuring();
  const realm = createRealm();
  const log = { console: options.onConsole ?? (() => undefined), warning: options.onWarning ?? (() => undefined) };
  let test: TestRun | undefined;
  let prepared: Prepared;
  let outputs: SampleOutputs | undefined;
  let place: ScriptPlace = { path: options.bundlePath, map: undefined };
  try {
    const source = await readScriptSource(options.bundlePath);
    place = source;
    if (options.knownCalls !== true) await refuseCalls(source);
    test = new TestRun(realm, compileBundle(source, realm), options.env ?? {}, log);
    test.sharedConnections = options.sharedConnections;
    test.maxBodyMemory = options.maxBodyMemory;
    if (options.proxies !== undefined) test.proxyOf = proxyChoice(options.proxies);
    const settings = configure(test, log.warning, options.optionLayers);
    const thresholds = readThresholds(settings.noThresholds ? {} : settings.thresholds, test.totals);
    const { scenarios, tags } = settings;
    const plan = { scenarios, thresholds: thresholds.all.map(definitionOf), segment: test.segment, tags };
    options.onPlan?.(plan);
    if (options.rehearse !== undefined) return await rehearse(test, options.rehearse === 'setup');
    outputs = hearSamples(test, thresholds, options.outputs ?? []);
    const { onInterval, intervalMs = INTERVAL_MS } = options;
    const lengthMs = typeof intervalMs === 'number' ? intervalMs : intervalMs(plan);
    const recording = recordIntervals(test, lengthMs, onInterval);
    const host = await hostOf(test, source, { outputs, recording }, options);
    prepared = { test, thresholds, outputs, recording, host };
  } catch (thrown) {
    await outputs?.close();
    return nothingRun([endedBy(test) ?? thrownFinding(named(thrown, options.optionNames), place, 'init')]);
  }
  options.onPrepared?.();
  const stopWatching = watchRejections(test);
  const stopLooking = watchHeap('the main thread', log.warning);
  try {
    return await runTest(prepared, options);
  } catch (thrown) {
    const { line, stack } = describeThrown(thrown, place);
    return nothingRun([{ finding: finding('internal_error', { data: { message: line } }), stack }]);
  } finally {
    stopWatching();
    stopLooking();
    prepared.recording.end();
    await prepared.host.dispose();
    await prepared.outputs?.close();
    for (const [kind, count] of test.suppressedWarnings()) log.warning(`${count} more: ${kind}`);
  }
}

/** A configuration error in the names that its user knows. */
function named(thrown: unknown, names: RunOptions['optionNames'] = {}): unknown {
  if (!(thrown instanceof ConfigurationError)) return thrown;
  return new ConfigurationError(
    Object.entries(names).reduce((message, [place, name]) => message.replaceAll(place, name), thrown.message),
  );
}

async function refuseCalls(source: ScriptSource): Promise<void> {
  // Imported lazily: our own bundles need no check.
  const { refuseLackingCalls } = await import('./script-calls.ts');
  refuseLackingCalls(source);
}

/** A run with its script and options read, and its first VUs created. */
interface Prepared {
  readonly test: TestRun;
  readonly thresholds: RunThresholds;
  readonly host: ScenarioHost;
  readonly outputs: SampleOutputs | undefined;
  readonly recording: Recording;
}

/** Creates the first VUs, here or in worker threads. Throws what the script's init code throws. */
async function hostOf(
  test: TestRun,
  source: ScriptSource,
  { outputs: samples, recording }: Pick<Prepared, 'outputs' | 'recording'>,
  options: RunOptions,
): Promise<ScenarioHost> {
  const { workers = 0, optionLayers = [], proxies, outputs = [] } = options;
  if (workers === 0) return scenariosHere(test);
  // Imported lazily: loading it takes time, which a run in the calling thread can save.
  const { workerScenarios } = await import('./workers/worker-scenarios.ts');
  return workerScenarios(test, {
    source,
    layers: optionLayers,
    proxies,
    outputs,
    samples,
    collector: recording.collector,
    intervalMs: recording.intervalMs,
    workers,
    stuckAfterMs: options.stuckAfterMs ?? STUCK_AFTER_MS,
    loseAfterMs: options.loseAfterMs ?? LOSE_AFTER_MS,
  });
}

const definitionOf = ({ selector, expression }: Threshold): ThresholdDefinition => ({
  metric: selector,
  expression: expression.text,
});
const resultOf = (of: Threshold): ThresholdResult => ({ ...definitionOf(of), value: of.value, ok: of.ok });

/** Opens the outputs, if any. Throws a ConfigurationError. */
function hearSamples(
  test: TestRun,
  thresholds: RunThresholds,
  targets: readonly OutputTarget[],
): SampleOutputs | undefined {
  if (targets.length === 0) return undefined;
  const outputs = openOutputs(targets, test.settings!.systemTags, thresholds, test.totals, test.log.warning);
  test.registry.subscribe(outputs.tap);
  return outputs;
}

/** Runs everything that makes no load. */
async function rehearse(test: TestRun, withSetup: boolean): Promise<RunResult> {
  const findings: HostFinding[] = [];
  const { noSetup, setupTimeout } = test.settings!;
  if (withSetup && !noSetup) {
    const hold = (): void => undefined;
    noteFailure(test, 'setup', asJson(await callLifecycle(test, 'setup', () => [], setupTimeout, hold)), findings);
  }
  const ended = endedBy(test);
  return nothingRun(ended === undefined ? findings : [ended]);
}

async function runTest({ test, thresholds, host, recording }: Prepared, options: RunOptions): Promise<RunResult> {
  const settings = test.settings!;
  const stop = options.stop ?? new StopSignal();
  const findings: HostFinding[] = [];
  let lifecycleVu: VirtualUser | undefined;
  const hold = (vu: VirtualUser | undefined): void => {
    lifecycleVu = vu;
  };
  test.onAbort = host.interrupt;
  if (endedBy(test) !== undefined) host.interrupt();
  stop.listen((level) => {
    if (level === 'hard') {
      lifecycleVu?.interrupt();
      host.interrupt();
    } else host.close();
  });
  const setUp = async (): Promise<LifecycleEnd> =>
    settings.noSetup
      ? { how: 'absent' }
      : asJson(await callLifecycle(test, 'setup', () => [], settings.setupTimeout, hold));
  // In front of a barrier, setup is part of the preparation: however long it takes, the clock starts at the barrier.
  const early = options.barrier === undefined ? undefined : await setUp();
  const barrier = early === undefined || early.how === 'failed' ? undefined : await passed(options.barrier!, test);
  if (barrier?.refused !== undefined) findings.push(barrier.refused);
  const startAtMs = barrier?.atMs;
  test.startedAt = performance.now() + (startAtMs === undefined ? 0 : startAtMs - Date.now());
  if (startAtMs !== undefined) test.planStartedAt = test.startedAt;
  options.onStart?.(new Date(startAtMs ?? performance.timeOrigin + test.startedAt));
  recording.start();
  const watching = watchRun(
    test,
    recording,
    thresholds,
    plannedMs(settings.scenarios),
    (crossed) => {
      // It remains failed, even if a later evaluation finds it recovered.
      for (const { selector, expression } of crossed) {
        const data = { expression: expression.text };
        findings.push({ finding: finding('threshold_cut_short', { subject: selector, data }) });
      }
      host.interrupt();
    },
    options.onProgress === undefined
      ? undefined
      : { call: options.onProgress, everyMs: options.progressEveryMs ?? 1_000 },
  );

  const setup = early ?? (await setUp());
  const setupJson = setup.how === 'completed' ? (setup.value as string | undefined) : undefined;
  noteFailure(test, 'setup', setup, findings);
  const dataOf = (): unknown => (setupJson === undefined ? undefined : test.realm.JSON.parse(setupJson));
  if (setup.how !== 'failed') {
    if (barrier?.refused === undefined) await host.play(setupJson);
    if (test.initFailure !== undefined) findings.push(failureFinding(test.initFailure, 'init'));
    if (!settings.noTeardown) {
      const teardown = await callLifecycle(test, 'teardown', () => [dataOf()], settings.teardownTimeout, hold);
      noteFailure(test, 'teardown', teardown, findings);
    }
  }
  watching.stop();
  recording.end();
  const durationMs = test.elapsedMs();
  const ownDelay = { startLag: latenessOf(test.startLag), cpuCores: recording.cpuCores(), ...worstOf(host.health()) };
  const lost = host.faults.map((message) => finding('worker_lost', { data: { message } }));
  const late = generatorFindings(ownDelay, durationMs);
  if (options.allowInvalid === true) {
    for (const fault of [...lost, ...late]) test.log.warning(`invalid, but allowed: ${sentenceOf(fault)}`);
  }
  const allowed = (fault: Finding): Finding => (options.allowInvalid === true ? { ...fault, exit: 0 } : fault);
  for (const fault of lost) findings.push({ finding: allowed(fault) });
  evaluate(thresholds.all, test.totals, durationMs);
  if (stop.interrupted) findings.push({ finding: finding('interrupted') });

  const summary = summaryData(test, thresholds, durationMs, dataOf());
  const files = await handleSummary(test, summary, withoutSamples(test, thresholds), hold, findings);
  const ended = endedBy(test);
  if (ended !== undefined) findings.push(ended);
  if (test.failReason !== undefined) findings.push(said('script_failed', test.failReason));
  const iterations = iterationCounts(test.counts);
  const { firstThrown } = test;
  const results = thresholds.all.map(resultOf);
  const judged = [...iterationFindings(iterations, firstThrown), ...late.map(allowed), ...thresholdFindings(results)];
  return {
    ...resultEnd(findings, judged),
    thresholds: results,
    summary,
    files,
    iterations: { planned: iterations.started + iterations.dropped, ...iterations },
    ...(firstThrown === undefined ? {} : { firstThrown }),
    startLag: ownDelay.startLag,
    ownDelay,
    durationMs,
  };
}

/** Waits for the barrier: when the clock starts, or why nothing is to be played. */
async function passed(
  barrier: NonNullable<RunOptions['barrier']>,
  test: TestRun,
): Promise<{ readonly atMs?: number; readonly refused?: HostFinding }> {
  try {
    return { atMs: await barrier() };
  } catch (thrown) {
    return { refused: thrownFinding(thrown, test.bundle, 'setup') };
  }
}

function latenessOf(lag: TrendTotal | undefined): OwnDelay['startLag'] {
  return lag === undefined ? null : { p99Ms: lag.histogram.percentile(99), maxMs: lag.histogram.max };
}

/** Setup data as JSON, as passed to the VUs; data that JSON cannot represent fails setup. */
function asJson(end: LifecycleEnd): LifecycleEnd {
  if (end.how !== 'completed') return end;
  try {
    return { how: 'completed', value: JSON.stringify(end.value) };
  } catch (thrown) {
    return { how: 'failed', thrown };
  }
}

/** Length of the plan without graceful stops; undefined if a scenario counts iterations. */
function plannedMs(plans: readonly ScenarioPlan[]): number | undefined {
  if (plans.some((plan) => executorOf(plan).iterations !== undefined)) return undefined;
  return Math.max(...plans.map((plan) => plan.startTimeMs + regularDurationMs(plan)));
}

/** Result of a run that ended before any load; without findings if no load was wanted. */
function nothingRun(findings: readonly HostFinding[]): RunResult {
  return {
    ...resultEnd(findings),
    thresholds: [],
    summary: {
      root_group: summaryGroup('', ''),
      options: { summaryTrendStats: [], summaryTimeUnit: '', noColor: false },
      state: { testRunDurationMs: 0 },
      metrics: {},
    },
    files: {},
    iterations: { planned: 0, started: 0, completed: 0, interrupted: 0, dropped: 0, thrown: 0 },
    startLag: null,
    ownDelay: null,
    durationMs: 0,
  };
}
