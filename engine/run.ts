import { performance } from 'node:perf_hooks';
import { compileBundle } from './bundle.ts';
import type { ThresholdDefinition } from '../contract/run-record/run-file.ts';
import { configure } from './configure.ts';
import { proxyChoice } from './http/proxy.ts';
import { faultOf, measureOwnDelay } from './honesty/own-delay.ts';
import { callLifecycle } from './lifecycle-call.ts';
import type { LifecycleEnd } from './lifecycle-call.ts';
import { summaryData } from './metrics/summary.ts';
import { summaryText } from './metrics/summary-text.ts';
import { evaluate, readThresholds } from './metrics/thresholds.ts';
import type { Threshold, Thresholds } from './metrics/thresholds.ts';
import { iterationsOf } from './live-counts.ts';
import type { OutputTarget } from './outputs/output-target.ts';
import { openOutputs } from './outputs/sample-outputs.ts';
import type { SampleOutputs } from './outputs/sample-outputs.ts';
import { createRealm } from './realm.ts';
import { recordIntervals } from './recording/record-here.ts';
import type { Recording } from './recording/record-here.ts';
import { decide, failedThresholds } from './result.ts';
import type { Finding, RunResult } from './result.ts';
import { regularDurationMs } from './scenario-options.ts';
import type { ScenarioPlan } from './scenario-options.ts';
import type { ScenarioHost } from './scenario-host.ts';
import { scenariosHere } from './scenarios-here.ts';
import { readScriptSource } from './script-source.ts';
import type { ScriptSource } from './script-source.ts';
import type { RunOptions, RunPlan } from './run-options.ts';
import { StopSignal } from './stop-signal.ts';
import { filesOf } from './summary-files.ts';
import { TestRun } from './test-run.ts';
import { describeThrown } from './thrown.ts';
import type { ScriptPlace, ThrownText } from './thrown.ts';
import { watchRejections } from './unhandled-rejections.ts';
import type { VirtualUser } from './virtual-user.ts';
import { watch } from './watch.ts';
import type { Progress } from './watch.ts';

export { StopSignal };
export type { Progress, RunOptions, RunPlan, RunResult };
export type { MetricsView } from './metrics/view.ts';

const INTERVAL_MS = 1_000;
const STUCK_AFTER_MS = 5_000;
const LOSE_AFTER_MS = 30_000;

/**
 * Runs a k6 script bundle from init to summary (k6-contract.md section 1). Never rejects for what a script or a target
 * does: every ending is a result with an exit code and one line of reason.
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const realm = createRealm();
  const log = { console: options.onConsole ?? (() => undefined), warning: options.onWarning ?? (() => undefined) };
  let test: TestRun | undefined;
  let prepared: Prepared;
  let outputs: SampleOutputs | undefined;
  let place: ScriptPlace = { path: options.bundlePath, map: undefined };
  try {
    const source = await readScriptSource(options.bundlePath);
    place = source;
    test = new TestRun(realm, compileBundle(source, realm), options.env, log);
    test.sharedConnections = options.sharedConnections;
    if (options.proxies !== undefined) test.proxyOf = proxyChoice(options.proxies);
    const settings = configure(test, log.warning, options.optionLayers);
    const thresholds = readThresholds(settings.noThresholds ? {} : settings.thresholds, test.registry);
    const { scenarios, tags } = settings;
    options.onPlan?.({ scenarios, thresholds: thresholds.all.map(definitionOf), segment: test.segment, tags });
    if (options.rehearse !== undefined) return await rehearse(test, options.rehearse === 'setup');
    outputs = hearSamples(test, thresholds, options.outputs ?? []);
    const { onInterval, intervalMs = INTERVAL_MS } = options;
    const recording = onInterval === undefined ? undefined : recordIntervals(test, intervalMs, onInterval);
    const host = await hostOf(test, source, { outputs, recording }, options);
    prepared = { test, thresholds, outputs, recording, host };
  } catch (thrown) {
    await outputs?.close();
    const abort = test?.abortReason;
    return nothingRun(abort === undefined ? thrownFinding(thrown, place) : abortFinding(abort));
  }
  options.onPrepared?.();
  const stopWatching = watchRejections(test);
  try {
    return await runTest(prepared, options);
  } catch (thrown) {
    const { line, stack } = describeThrown(thrown, place);
    return nothingRun({ exit: 'internal_error', reason: line, stack });
  } finally {
    stopWatching();
    prepared.recording?.end();
    await prepared.host.dispose();
    await prepared.outputs?.close();
    for (const [kind, count] of test.suppressedWarnings()) log.warning(`${count} more: ${kind}`);
  }
}

/** A run whose script is read, whose options are valid and whose first VUs are made. */
interface Prepared {
  readonly test: TestRun;
  readonly thresholds: Thresholds;
  readonly host: ScenarioHost;
  readonly outputs: SampleOutputs | undefined;
  readonly recording: Recording | undefined;
}

/** Makes the first VUs, here or in worker threads. Throws what the script's init code throws. */
async function hostOf(
  test: TestRun,
  source: ScriptSource,
  { outputs: samples, recording }: Pick<Prepared, 'outputs' | 'recording'>,
  options: RunOptions,
): Promise<ScenarioHost> {
  const { workers = 0, optionLayers = [], proxies, outputs = [] } = options;
  if (workers === 0) return scenariosHere(test);
  // Threads cost a start of their own: a run in the calling thread does not even load them.
  const { workerScenarios } = await import('./workers/worker-scenarios.ts');
  return workerScenarios(test, {
    source,
    layers: optionLayers,
    proxies,
    outputs,
    samples,
    recorder: recording?.recorder,
    intervalMs: recording?.intervalMs ?? INTERVAL_MS,
    workers,
    stuckAfterMs: options.stuckAfterMs ?? STUCK_AFTER_MS,
    loseAfterMs: options.loseAfterMs ?? LOSE_AFTER_MS,
  });
}

function definitionOf({ selector, expression }: Threshold): ThresholdDefinition {
  return { metric: selector, expression: expression.text };
}

/** Opens the outputs, if there are any. Throws a ConfigurationError. */
function hearSamples(
  test: TestRun,
  thresholds: Thresholds,
  targets: readonly OutputTarget[],
): SampleOutputs | undefined {
  if (targets.length === 0) return undefined;
  const outputs = openOutputs(targets, test.settings!.systemTags, thresholds, test.registry, test.log.warning);
  test.registry.hear(outputs.tap);
  return outputs;
}

/** Everything of a run that makes no load. */
async function rehearse(test: TestRun, withSetup: boolean): Promise<RunResult> {
  const findings: Finding[] = [];
  const { noSetup, setupTimeout } = test.settings!;
  if (withSetup && !noSetup) {
    const hold = (): void => undefined;
    noteFailure(test, asJson(await callLifecycle(test, 'setup', () => [], setupTimeout, hold)), findings);
  }
  return nothingRun(test.abortReason === undefined ? findings[0] : abortFinding(test.abortReason));
}

async function runTest({ test, thresholds, host, recording }: Prepared, options: RunOptions): Promise<RunResult> {
  const settings = test.settings!;
  const stop = options.stop ?? new StopSignal();
  const findings: Finding[] = [];
  let lifecycleVu: VirtualUser | undefined;
  const hold = (vu: VirtualUser | undefined): void => {
    lifecycleVu = vu;
  };
  test.onAbort = host.interrupt;
  test.startedAt = performance.now();
  options.onStart?.(new Date(performance.timeOrigin + test.startedAt));
  recording?.start();
  const ownDelayOf = measureOwnDelay();
  stop.listen((level) => {
    if (level === 'hard') {
      lifecycleVu?.interrupt();
      host.interrupt();
    } else host.close();
  });
  const watching = watch(
    test,
    thresholds,
    plannedMs(settings.scenarios),
    (reason) => {
      // It stays failed, even if the last evaluation should find it recovered.
      findings.push({ exit: 'thresholds_failed', reason: `threshold crossed, the run was cut short: ${reason}` });
      host.interrupt();
    },
    options.onProgress === undefined
      ? undefined
      : { call: options.onProgress, everyMs: options.progressEveryMs ?? 1_000 },
  );

  const setup: LifecycleEnd = settings.noSetup
    ? { how: 'absent' }
    : asJson(await callLifecycle(test, 'setup', () => [], settings.setupTimeout, hold));
  const setupJson = setup.how === 'completed' ? (setup.value as string | undefined) : undefined;
  noteFailure(test, setup, findings);
  const dataOf = (): unknown => (setupJson === undefined ? undefined : test.realm.JSON.parse(setupJson));
  if (setup.how !== 'failed') {
    await host.play(setupJson, watching.sampleVus);
    if (test.initFailure !== undefined) findings.push(failureFinding(test.initFailure));
    if (!settings.noTeardown) {
      noteFailure(
        test,
        await callLifecycle(test, 'teardown', () => [dataOf()], settings.teardownTimeout, hold),
        findings,
      );
    }
  }
  watching.stop();
  recording?.end();
  const durationMs = test.elapsedMs();
  const ownDelay = host.delayOf(ownDelayOf(test.startLag, durationMs));
  for (const fault of [...host.faults, faultOf(ownDelay, durationMs)]) {
    if (fault === undefined) continue;
    if (options.allowInvalid === true) test.log.warning(`invalid, but allowed: ${fault}`);
    else findings.push({ exit: 'invalid', reason: fault });
  }
  evaluate(thresholds.all, durationMs);
  const failed = failedThresholds(thresholds.all);
  if (failed !== undefined) findings.push(failed);
  if (stop.level !== 'none') findings.push({ exit: 'interrupted', reason: 'stopped by the user' });

  const summary = summaryData(test, thresholds, durationMs, dataOf());
  const files = await handleSummary(test, summary, hold, findings);
  if (test.abortReason !== undefined) findings.push(abortFinding(test.abortReason));
  if (test.failReason !== undefined)
    findings.push({ exit: 'failed', reason: `the script failed the test: ${test.failReason}` });
  const iterations = iterationsOf(test.counts);
  return {
    ...decide(findings),
    thresholds: thresholds.all.map(({ selector, expression, value, ok }) => ({
      metric: selector,
      expression: expression.text,
      value,
      ok,
    })),
    summary,
    files,
    iterations: { planned: iterations.started + iterations.dropped, ...iterations },
    startLag: ownDelay.startLag,
    ownDelay,
    durationMs,
  };
}

/** Setup data as JSON text, in which form it goes to the VUs; what JSON cannot hold is a failed setup. */
function asJson(end: LifecycleEnd): LifecycleEnd {
  if (end.how !== 'completed') return end;
  try {
    return { how: 'completed', value: JSON.stringify(end.value) };
  } catch (thrown) {
    return { how: 'failed', thrown };
  }
}

async function handleSummary(
  test: TestRun,
  summary: RunResult['summary'],
  hold: (vu: VirtualUser | undefined) => void,
  findings: Finding[],
): Promise<RunResult['files']> {
  const { summaryMode, handleSummaryTimeout } = test.settings!;
  if (summaryMode === 'disabled') return {};
  const data = test.realm.JSON.parse(JSON.stringify(summary)) as unknown;
  const end = await callLifecycle(test, 'handleSummary', () => [data], handleSummaryTimeout, hold);
  const builtIn = { stdout: summaryText(summary, summaryMode) };
  if (end.how === 'completed') {
    try {
      return filesOf(end.value);
    } catch (thrown) {
      noteFailure(test, { how: 'failed', thrown }, findings);
      return builtIn;
    }
  }
  noteFailure(test, end, findings);
  return builtIn;
}

/** Takes down an error of setup, teardown or handleSummary, unless it is the script's own abort. */
function noteFailure(test: TestRun, end: LifecycleEnd, findings: Finding[]): void {
  if (end.how !== 'failed' || test.abortReason !== undefined) return;
  findings.push(thrownFinding(end.thrown, test.bundle));
}

function abortFinding(reason: string): Finding {
  return { exit: 'aborted', reason };
}

/** An error of the script: what the user set and can put right (104), or an exception (107). */
function thrownFinding(thrown: unknown, script: ScriptPlace): Finding {
  return failureFinding(describeThrown(thrown, script));
}

function failureFinding({ line, message, name, stack }: ThrownText): Finding {
  if (name !== 'ConfigurationError') return { exit: 'script_exception', reason: line, stack };
  return { exit: 'invalid_configuration', reason: message, stack };
}

/** Length of the plan without graceful stops; undefined when a scenario counts iterations. */
function plannedMs(plans: readonly ScenarioPlan[]): number | undefined {
  if (plans.some((plan) => 'iterations' in plan)) return undefined;
  return Math.max(...plans.map((plan) => plan.startTimeMs + regularDurationMs(plan)));
}

/** The result of a run that ended before its first VU; without a finding, because nothing more was wanted. */
function nothingRun(finding?: Finding): RunResult {
  return {
    ...decide(finding === undefined ? [] : [finding]),
    thresholds: [],
    summary: {
      root_group: { name: '', path: '', groups: [], checks: [] },
      options: { summaryTrendStats: [], summaryTimeUnit: '' },
      state: { testRunDurationMs: 0 },
      metrics: {},
    },
    files: {},
    iterations: { planned: 0, started: 0, completed: 0, interrupted: 0, dropped: 0 },
    startLag: null,
    ownDelay: null,
    durationMs: 0,
  };
}
