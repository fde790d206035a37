import { performance } from 'node:perf_hooks';
import { compileBundle } from './bundle.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import type { OptionLayer } from './consolidate.ts';
import { driverOf } from './executors/drivers.ts';
import { planPart } from './executors/plan-part.ts';
import { ScenarioRun, peakVus } from './executors/scenario-run.ts';
import { proxyChoice } from './http/proxy.ts';
import type { ProxyEnvironment } from './http/proxy.ts';
import { faultOf, measureOwnDelay } from './honesty/own-delay.ts';
import { callLifecycle } from './lifecycle-call.ts';
import type { LifecycleEnd } from './lifecycle-call.ts';
import { summaryData } from './metrics/summary.ts';
import { summaryText } from './metrics/summary-text.ts';
import { evaluate, readThresholds } from './metrics/thresholds.ts';
import type { Thresholds } from './metrics/thresholds.ts';
import { readOptions } from './options.ts';
import type { OutputTarget } from './outputs/output-target.ts';
import { openOutputs } from './outputs/sample-outputs.ts';
import type { SampleOutputs } from './outputs/sample-outputs.ts';
import { createRealm } from './realm.ts';
import { decide, failedThresholds } from './result.ts';
import type { Finding, RunResult } from './result.ts';
import { regularDurationMs } from './scenario-options.ts';
import type { ScenarioPlan } from './scenario-options.ts';
import { readScriptSource } from './script-source.ts';
import { StopSignal } from './stop-signal.ts';
import { filesOf } from './summary-files.ts';
import { TestRun } from './test-run.ts';
import type { ConsoleLevel } from './test-run.ts';
import { describeThrown } from './thrown.ts';
import type { ScriptPlace } from './thrown.ts';
import { watchRejections } from './unhandled-rejections.ts';
import { VirtualUser } from './virtual-user.ts';
import { VuPool } from './vu-pool.ts';
import { watch } from './watch.ts';
import type { Progress } from './watch.ts';

export { StopSignal };
export type { Progress, RunResult };
export type { MetricsView } from './metrics/view.ts';

/** What to run, and who hears of it. */
export interface RunOptions {
  /** A CommonJS bundle, or a script in TypeScript or as an ES module, which is bundled first. */
  readonly bundlePath: string;
  /** `__ENV` of the script. */
  readonly env: Readonly<Record<string, string>>;
  /** Options from elsewhere than the script: configuration file, environment, flags. */
  readonly optionLayers?: readonly OptionLayer[];
  /** The proxies that the environment names; without it none is used. */
  readonly proxies?: ProxyEnvironment;
  /** Where every sample is written to. */
  readonly outputs?: readonly OutputTarget[];
  readonly onProgress?: (progress: Progress) => void;
  readonly progressEveryMs?: number;
  readonly onConsole?: (level: ConsoleLevel, line: string) => void;
  readonly onWarning?: (line: string) => void;
  /** Keep the verdict of a run in which the load generator was at fault, with a warning. */
  readonly allowInvalid?: boolean;
  readonly stop?: StopSignal;
}

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
    if (options.proxies !== undefined) test.proxyOf = proxyChoice(options.proxies);
    const thresholds = configure(test, options.optionLayers);
    outputs = hearSamples(test, thresholds, options.outputs ?? []);
    const pool = new VuPool(test);
    pool.fill(peakVus(test.settings!.scenarios, test.part));
    prepared = { test, thresholds, pool, outputs };
  } catch (thrown) {
    await outputs?.close();
    const abort = test?.abortReason;
    return nothingRun(abort === undefined ? thrownFinding(thrown, place) : abortFinding(abort));
  }
  const stopWatching = watchRejections(test);
  try {
    return await runTest(prepared, options);
  } catch (thrown) {
    const { line, stack } = describeThrown(thrown, place);
    return nothingRun({ exit: 'internal_error', reason: line, stack });
  } finally {
    stopWatching();
    prepared.pool.dispose();
    await prepared.outputs?.close();
    test.reportSuppressedWarnings();
  }
}

/** A run whose script is read, whose options are valid and whose first VUs are made. */
interface Prepared {
  readonly test: TestRun;
  readonly thresholds: Thresholds;
  readonly pool: VuPool;
  readonly outputs: SampleOutputs | undefined;
}

/** The first pass over the script: options, exports, thresholds. Throws what its init code throws. */
function configure(test: TestRun, layers?: readonly OptionLayer[]): Thresholds {
  const probe = new VirtualUser(0, test);
  const settings = readOptions(probe.exports['options'], test.log.warning, layers);
  for (const { name, exec } of settings.scenarios) {
    if (typeof probe.exports[exec] !== 'function') {
      throw new ConfigurationError(
        `scenario ${name}: the script exports no function "${exec}"; export it, or set exec`,
      );
    }
  }
  const thresholds = readThresholds(settings.noThresholds ? {} : settings.thresholds, test.registry);
  test.configure(settings);
  return thresholds;
}

/** Opens the outputs, if there are any. Throws a ConfigurationError. */
function hearSamples(
  test: TestRun,
  thresholds: Thresholds,
  targets: readonly OutputTarget[],
): SampleOutputs | undefined {
  if (targets.length === 0) return undefined;
  const outputs = openOutputs(targets, test.settings!.systemTags, thresholds, test.log.warning);
  test.registry.hear(outputs.tap);
  return outputs;
}

async function runTest({ test, thresholds, pool }: Prepared, options: RunOptions): Promise<RunResult> {
  const settings = test.settings!;
  const stop = options.stop ?? new StopSignal();
  const findings: Finding[] = [];
  let lifecycleVu: VirtualUser | undefined;
  let scenarios: ScenarioRun[] = [];
  /** Set when no scenario may begin any more. */
  const ending = { now: false };
  const hold = (vu: VirtualUser | undefined): void => {
    lifecycleVu = vu;
  };
  const interruptAll = (): void => {
    ending.now = true;
    for (const scenario of scenarios) scenario.interrupt();
  };
  test.onAbort = interruptAll;
  test.startedAt = performance.now();
  const ownDelayOf = measureOwnDelay();
  stop.listen((level) => {
    ending.now = true;
    if (level === 'hard') {
      lifecycleVu?.interrupt();
      interruptAll();
    } else for (const scenario of scenarios) scenario.close(false);
  });
  const watching = watch(
    test,
    thresholds,
    plannedMs(settings.scenarios),
    (reason) => {
      // It stays failed, even if the last evaluation should find it recovered.
      findings.push({ exit: 'thresholds_failed', reason: `threshold crossed, the run was cut short: ${reason}` });
      interruptAll();
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
    if (!ending.now) {
      const setting = { run: test, pool, setupJson };
      scenarios = settings.scenarios
        .map((plan) => planPart(plan, test.part))
        .filter((part) => part !== undefined)
        .map((part) => new ScenarioRun(part, setting, (scenario) => driverOf(part.plan, scenario)));
      const ended = scenarios.map((scenario) => scenario.start());
      watching.sampleVus();
      await Promise.all(ended);
    }
    if (test.initFailure !== undefined) findings.push(thrownFinding(test.initFailure.thrown, test.bundle));
    if (!settings.noTeardown) {
      noteFailure(
        test,
        await callLifecycle(test, 'teardown', () => [dataOf()], settings.teardownTimeout, hold),
        findings,
      );
    }
  }
  watching.stop();
  const durationMs = test.elapsedMs();
  const ownDelay = ownDelayOf(test.startLag, durationMs);
  const fault = faultOf(ownDelay, durationMs);
  if (fault !== undefined && options.allowInvalid === true) test.log.warning(`invalid, but allowed: ${fault}`);
  else if (fault !== undefined) findings.push({ exit: 'invalid', reason: fault });
  evaluate(thresholds.all, durationMs);
  const failed = failedThresholds(thresholds.all);
  if (failed !== undefined) findings.push(failed);
  if (stop.level !== 'none') findings.push({ exit: 'interrupted', reason: 'stopped by the user' });

  const summary = summaryData(test, thresholds, durationMs, dataOf());
  const files = await handleSummary(test, summary, hold, findings);
  if (test.abortReason !== undefined) findings.push(abortFinding(test.abortReason));
  if (test.failReason !== undefined)
    findings.push({ exit: 'failed', reason: `the script failed the test: ${test.failReason}` });
  const { started, dropped } = test.iterations;
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
    iterations: { planned: started + dropped, ...test.iterations },
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
  const { line, message, name, stack } = describeThrown(thrown, script);
  if (name !== 'ConfigurationError') return { exit: 'script_exception', reason: line, stack };
  return { exit: 'invalid_configuration', reason: message, stack };
}

/** Length of the plan without graceful stops; undefined when a scenario counts iterations. */
function plannedMs(plans: readonly ScenarioPlan[]): number | undefined {
  if (plans.some((plan) => 'iterations' in plan)) return undefined;
  return Math.max(...plans.map((plan) => plan.startTimeMs + regularDurationMs(plan)));
}

/** The result of a run that ended before its first VU. */
function nothingRun(finding: Finding): RunResult {
  return {
    ...decide([finding]),
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
