import { DRY_RUN, LOAD_REPLACED } from '../contract/command.ts';
import { identityOf } from '../contract/inventory.ts';
import type { AddedInterval } from '../contract/series-counts.ts';
import { setsLoad } from '../engine/consolidate.ts';
import type { OptionLayer } from '../engine/consolidate.ts';
import type { IntervalOutputs } from '../engine/outputs/interval-outputs.ts';
import type { RunResult } from '../engine/result.ts';
import type { ExecutionPlan } from '../engine/run-options.ts';
import { StopSignal } from '../engine/stop-signal.ts';
import { writtenDefault } from '../lib/settings.ts';
import type { ResultsFolder } from '../record/results-folder.ts';
import type { RunFile } from '../record/run-file.ts';
import { RunRecorder } from '../record/run-recorder.ts';
import { banner } from './banner.ts';
import { warnOfDescriptors } from './descriptors.ts';
import type { Detector } from './faults/detector.ts';
import { startFaultControl } from './faults/fault-control.ts';
import type { FaultControl } from './faults/fault-control.ts';
import { liveView } from './live/live-view.ts';
import { LivePage } from './live-page/live-page.ts';
import { endMetricOutputs, metricPlanOf, openMetricOutputs } from './metric-outputs.ts';
import type { NamedOutputs } from './named-outputs.ts';
import type { PartOfRun } from './part/part-of-run.ts';
import { planLine } from './plan-line.ts';
import { planLengthMs } from './planned-load.ts';
import { proxiesOf, tellProxy } from './proxy-environment.ts';
import { recordingIntervalMs } from './record/recording-interval.ts';
import { refuseEndless, runFile } from './record/run-facts.ts';
import type { RunStart } from './record/run-facts.ts';
import { reportRun } from './report-run.ts';
import { requireThresholds } from './run-contradictions.ts';
import { givenIn } from './script-environment.ts';
import type { Script } from './script.ts';
import type { RunFlags, Setup } from './set-up.ts';
import { OPTION_NAMES } from './setting-in-words.ts';
import { signRequestOfRun } from './sign-request.ts';
import { startSimulatorOfRun } from './simulator-process.ts';
import type { SimulatorProcess } from './simulator-process.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import type { TargetMetrics } from './target-metrics/target-metrics.ts';
import type { Terminal } from './terminal.ts';
import { availableParallelism } from 'node:os';

/** What the command line adds to a script. */
export interface Beside extends NamedOutputs {
  readonly layers: readonly OptionLayer[];
}

/** Who writes the record, and who else hears of what it holds. */
interface RecordKeeping {
  readonly recorder: RunRecorder;
  readonly metricOutputs: IntervalOutputs | undefined;
  readonly page: LivePage | undefined;
  readonly begun: (plan: ExecutionPlan, startedAt: Date) => void;
  /** Length of the recording intervals. */
  readonly intervalMs: (plan: ExecutionPlan) => number;
}

/** Who else has to do with a run. */
interface Listening {
  readonly stop?: StopSignal;
  readonly onInterval?: ((interval: AddedInterval) => void) | undefined;
}

/** How a run is stopped. */
interface Stopping extends Listening {
  readonly stop: StopSignal;
  readonly onPrepared: () => void;
  /** What is waited for when all is prepared. */
  readonly barrier?: (() => Promise<number>) | undefined;
}

/** How often the live page hears of the progress, in milliseconds. */
const PAGE_EVERY_MS = 1_000;

/** The same, where the simulator is up. */
interface Ground extends Setup {
  readonly simulator: SimulatorProcess | undefined;
  readonly results: ResultsFolder;
  /** The target's own metrics, checked; absent: nobody asked for them. */
  readonly targetMetrics?: TargetMetrics | undefined;
  /** Who notices faults, checked; absent: nobody is asked. */
  readonly detector?: Detector | undefined;
  /** Its part in a run of several machines, or when it is to start; absent: it is on its own. */
  readonly part?: PartOfRun | undefined;
}

/** Does something while the simulator is up, if there is one: `env` leads to it. */
export async function withSimulator<T>(
  { simulated, inventory, env, simulatorArguments: further }: Setup,
  terminal: Terminal,
  act: (simulator: SimulatorProcess | undefined) => Promise<T>,
): Promise<T> {
  if (!simulated || inventory === undefined) return act(undefined);
  const warn = (reason: string): void => terminal.line(`warning: ${reason}`);
  let simulator: SimulatorProcess | undefined;
  try {
    simulator = await startSimulatorOfRun(env, inventory.file, further, warn);
    return await act(simulator);
  } finally {
    await simulator?.stop();
  }
}

/** How a run ended. */
interface PlayedRun {
  readonly exitCode: number;
  readonly result: RunResult;
  /** Its run.json; undefined where it did not start. */
  readonly run: RunFile | undefined;
}

/**
 * Plays a run and writes its record. `stop` may end it early; `onInterval` hears what was recorded, as it comes.
 */
export async function playRun(
  ground: Ground,
  flags: RunFlags,
  { layers, outputs, metricTargets }: Beside,
  terminal: Terminal,
  { stop = new StopSignal(), onInterval }: Listening = {},
): Promise<PlayedRun> {
  const { script, env, settings, inventory, simulated, simulatorArguments, drift, resilience } = ground;
  if (settings !== undefined) await signRequestOfRun(env, planLengthMs(settings));
  const { targetMetrics, detector, simulator, results, made, part } = ground;
  let faults: FaultControl | undefined;
  const page = await LivePage.open(flags, {
    ...{ script: script.name, results, say: terminal.line, warn: (line) => terminal.line(`warning: ${line}`) },
    stop: () => {
      if (stop.level === 'none') terminal.line('stopped by the live page: finishing flows …');
      stop.graceful();
    },
  });
  const metricOutputs = await openMetricOutputs(metricTargets, flags, terminal);
  let unlisten = (): void => undefined;
  // Until then nothing has run that a summary could tell of, and a signal ends the process even in a loop of init code.
  const onPrepared = (): void => {
    unlisten = stopOnSignals(stop, terminal.line);
  };
  try {
    const target = givenIn(env, 'PF_BASE_URL') ?? (script.builtIn ? writtenDefault('PF_BASE_URL') : undefined);
    const proxy = tellProxy(env, target);
    if (!flags.quiet) {
      const people = inventory && {
        file: inventory.file,
        users: inventory.users.length,
        seed: inventory.seed,
        made: made !== undefined,
      };
      const load = { settings, loadReplaced: setsLoad(layers) };
      banner({ script, ...load, target, proxy, simulated, env, inventory: people }).forEach(terminal.line);
    }
    faults = await startFaultControl({
      ...{ flags, env, settings, simulated, target: givenIn(env, 'PF_BASE_URL'), httpProxy: proxy },
      folder: () => (results.make(), results.path),
      say: terminal.line,
    });
    Object.assign(env, faults.hooks);
    const recorder = new RunRecorder(results, page?.interval);
    const facts: Omit<RunStart, 'intervalMs'> = {
      script,
      env,
      given: (flags.env ?? []).map((pair) => pair.slice(0, pair.indexOf('='))),
      ...{ simulated, simulatorArguments },
      inventory: inventory === undefined ? null : identityOf(inventory),
      ...{ drift, resilience },
    };
    const intervalMs = (plan: ExecutionPlan): number =>
      flags.interval ?? recordingIntervalMs(script, plan, metricTargets.length > 0 || page !== undefined);
    const begun = (plan: ExecutionPlan, startedAt: Date): void => {
      const run = runFile(
        { ...facts, intervalMs: intervalMs(plan), part: part?.facts },
        plan,
        startedAt,
        results.make(),
      );
      recorder.start(run);
      page?.begin(run);
      targetMetrics?.start(startedAt, run.intervalMs, (interval) => {
        const added = recorder.interval(interval);
        onInterval?.(added);
      });
      detector?.start(startedAt, run.intervalMs, (interval) => recorder.interval(interval));
      metricOutputs?.begin(metricPlanOf(run, plan, startedAt));
    };
    const beside = {
      layers: withHosts(layers, faults.hosts),
      outputs,
      metricTargets,
      stop,
      onPrepared,
      recorder,
      metricOutputs,
      page,
      begun,
      intervalMs,
      onInterval,
      barrier: part?.barrier(stop),
    };
    const result = await play(script, { ...env, ...faults.env }, flags, beside, terminal, results);
    detector?.stop();
    const ended = (exitCode: number): PlayedRun => ({ exitCode, result, run: recorder.run });
    if (flags.dryRun && result.verdict === 'pass') return ended(sayRehearsed(script, flags, result.exitCode, terminal));
    if (part?.facts !== undefined) recorder.note({ part: await part.ended() });
    await targetMetrics?.finish((interval) => recorder.interval(interval));
    const code = await reportRun(result, flags, terminal, { results, recorder, simulator, settings });
    await page?.close();
    if (metricOutputs !== undefined) {
      unlisten();
      await endMetricOutputs(metricOutputs, recorder.run?.end, flags, stop);
    }
    return ended(code);
  } finally {
    await page?.close();
    await metricOutputs?.discard();
    terminal.clear();
    targetMetrics?.stop();
    detector?.stop();
    results.close();
    await faults?.release();
    unlisten();
  }
}

/** Adds addresses for names to the option `hosts`, which a layer replaces as a whole. */
function withHosts(layers: readonly OptionLayer[], hosts: Readonly<Record<string, string>>): readonly OptionLayer[] {
  if (Object.keys(hosts).length === 0) return layers;
  const given = layers.findLast(({ values }) => values['hosts'] !== undefined)?.values['hosts'];
  const others = typeof given === 'object' && given !== null ? given : {};
  return [...layers, { source: 'flags', values: { hosts: { ...others, ...hosts } } }];
}

/** How a dry run ends that found nothing wrong. */
function sayRehearsed(script: Script, flags: RunFlags, exitCode: number, terminal: Terminal): number {
  const checked = script.builtIn ? 'settings, users, target and devices are usable' : 'script and options are usable';
  if (!flags.quiet) terminal.line(`dry run: ${checked}; no load was made`);
  return exitCode;
}

/** Plays the bundle; meanwhile progress, console lines and Ctrl-C. */
async function play(
  script: Script,
  env: Readonly<Record<string, string>>,
  flags: RunFlags,
  {
    layers,
    outputs,
    stop,
    onPrepared,
    recorder,
    metricOutputs,
    page,
    begun,
    intervalMs,
    onInterval,
    barrier,
  }: Beside & Stopping & RecordKeeping,
  terminal: Terminal,
  results: ResultsFolder,
): Promise<RunResult> {
  const { run } = await import('../engine/run.ts');
  const view = liveView(terminal, { countsFlows: script.builtIn, stop });
  let plan: ExecutionPlan | undefined;
  try {
    return await run({
      bundlePath: script.path,
      knownCalls: script.builtIn,
      ...(script.builtIn ? { optionNames: OPTION_NAMES } : {}),
      env: { ...env, ...(flags.dryRun && { [DRY_RUN]: 'true' }), ...(setsLoad(layers) && { [LOAD_REPLACED]: 'true' }) },
      optionLayers: layers,
      outputs,
      proxies: proxiesOf(process.env),
      allowInvalid: flags.allowInvalid === true,
      // The setup of a script that is not ours may do anything.
      ...(flags.dryRun ? { rehearse: script.builtIn ? 'setup' : 'init' } : {}),
      stop,
      onPrepared,
      // A core each, less one for the rest (thresholds, outputs, progress).
      workers: flags.workers ?? Math.max(1, availableParallelism() - 1),
      ...(flags.sharedConnections === undefined
        ? {}
        : { sharedConnections: flags.sharedConnections === true ? Infinity : flags.sharedConnections }),
      ...(flags.maxBodyMemory === undefined ? {} : { maxBodyMemory: flags.maxBodyMemory * 2 ** 20 }),
      onProgress: (progress) => {
        if (flags.quiet === true && page === undefined) return;
        const numbers = view.numbers(progress);
        if (numbers === undefined) return;
        if (flags.quiet !== true) view.show(numbers);
        page?.progress(numbers);
      },
      progressEveryMs: page === undefined ? view.everyMs : Math.min(view.everyMs, PAGE_EVERY_MS),
      onPlan: (planned) => {
        plan = planned;
        refuseEndless(planned);
        if (flags.gate) requireThresholds(planned, script.name);
        view.plan(planned, intervalMs(planned));
        if (flags.quiet !== true) {
          terminal.line(`load       ${planLine(planned.scenarios, script.builtIn ? 'flow starts' : 'iterations')}`);
          warnOfDescriptors(planned, flags.sharedConnections, terminal.line);
        }
      },
      ...(barrier === undefined ? {} : { barrier }),
      onStart: (startedAt) => begun(plan!, startedAt),
      onInterval: (interval) => {
        const added = recorder.interval(interval);
        metricOutputs?.write(interval);
        view.record(interval);
        onInterval?.(added);
      },
      intervalMs,
      onWarning: (line) => terminal.line(`warning: ${line}`),
      onConsole: (level, line) => {
        const isProgress = flags.quiet === true && script.builtIn && level === 'info';
        if (!results.takeFailure(line) && !isProgress) terminal.line(`${level}: ${line}`);
      },
    });
  } finally {
    terminal.clear();
  }
}
