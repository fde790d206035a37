import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { DRY_RUN, LOAD_REPLACED } from '../contract/command.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { identityOf } from '../contract/inventory.ts';
import type { Inventory } from '../contract/inventory.ts';
import { maskUrl } from '../contract/shown-text.ts';
import { setsLoad } from '../engine/consolidate.ts';
import type { OptionLayer } from '../engine/consolidate.ts';
import type { IntervalOutputs } from '../engine/outputs/interval-outputs.ts';
import type { ExecutionPlan, RunResult } from '../engine/run.ts';
import { StopSignal } from '../engine/stop-signal.ts';
import { writtenDefault } from '../lib/settings.ts';
import { ResultsFolder } from '../record/results-folder.ts';
import { RunRecorder } from '../record/run-recorder.ts';
import { banner, settingsOfScenario } from './banner.ts';
import { warnOfDescriptors } from './descriptors.ts';
import { addDriftFlags, driftRulesOfRun } from './drift-flags.ts';
import type { DriftFlags } from './drift-flags.ts';
import { checkFaultFlags, hooksToCome, startFaultCommands } from './fault-commands.ts';
import type { FaultCommands, FaultFlags } from './fault-commands.ts';
import { settleFiles, settleInventory } from './file-settings.ts';
import { collected, intervalLength, percentageFlag, resultsPlace, wholeNumber } from './flag-values.ts';
import { refuseGroundOptions } from './ground-options.ts';
import { liveView } from './live/live-view.ts';
import { addLingerFlag, endMetricOutputs, metricPlanOf, openMetricOutputs } from './metric-outputs.ts';
import type { LingerFlag } from './metric-outputs.ts';
import { outputsOf } from './named-outputs.ts';
import type { NamedOutputs } from './named-outputs.ts';
import { addOptionFlags, optionLayers } from './option-flags.ts';
import { DIST } from './package.ts';
import { planLine } from './plan-line.ts';
import { proxiesOf, tellProxy } from './proxy-environment.ts';
import { readInventoryFile } from './read-inventory.ts';
import { refuseEndless, runFile } from './record/run-facts.ts';
import type { RunStart } from './record/run-facts.ts';
import { reportRun } from './report-run.ts';
import type { ReportFlags } from './report-run.ts';
import { refuseContradictions, requireThresholds } from './run-contradictions.ts';
import { runHelp } from './run-help.ts';
import { givenIn, scriptEnvironment } from './script-environment.ts';
import { findScript, scenarioNames } from './script.ts';
import type { Script } from './script.ts';
import { OPTION_NAMES } from './setting-in-words.ts';
import { simulatorArguments } from './simulator-flags.ts';
import { startSimulatorOfRun } from './simulator-process.ts';
import type { SimulatorProcess } from './simulator-process.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { addTargetMetricFlags, openTargetMetrics } from './target-metrics/flags.ts';
import type { TargetMetricFlags } from './target-metrics/target-metrics.ts';
import { makeTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

interface RunFlags extends ReportFlags, FaultFlags, LingerFlag, DriftFlags, TargetMetricFlags {
  readonly env?: readonly string[];
  readonly config?: string;
  readonly out?: readonly string[];
  readonly simulator?: true;
  readonly allowInvalid?: true;
  readonly simulatorOption?: readonly string[];
  readonly workers?: number;
  readonly sharedConnections?: number | true;
  readonly maxBodyMemory?: number;
  readonly interval?: number;
  readonly results: string;
  readonly dryRun?: true;
}

interface Beside extends NamedOutputs {
  readonly layers: readonly OptionLayer[];
}

interface RecordKeeping {
  readonly recorder: RunRecorder;
  readonly metricOutputs: IntervalOutputs | undefined;
  readonly begun: (plan: ExecutionPlan, startedAt: Date) => void;
}

interface Stopping {
  readonly stop: StopSignal;
  readonly onPrepared: () => void;
}

/** Interval of status updates, in milliseconds: redrawn on a terminal, or printed as lines. */
const LIVE_EVERY_MS = 250;
const PLAIN_EVERY_MS = 5_000;

export function define(command: Command): void {
  const names = scenarioNames();
  command
    .argument(
      '<name|file>',
      `a scenario (${names.length === 0 ? 'none built yet' : names.join(', ')}), or a script: TypeScript or JavaScript`,
    )
    .option('-e, --env <name=value>', 'a setting; repeatable; takes precedence over the environment', collected)
    .option('--simulator', 'start a simulator for your own script')
    .option('--simulator-option <key=value>', 'a flag of "pairstorm simulate"; repeatable', collected)
    .option('--interval <duration>', 'length of a recording interval (default: 1s)', intervalLength)
    .option('--results <dir>', 'folder that each run makes its own folder in', resultsPlace, 'results')
    .option(
      '--workers <n>',
      'worker threads that run the VUs; 0: all in the main thread (default: number of cores minus one)',
      wholeNumber(0, 256),
    )
    .option(
      '--shared-connections [n]',
      'one connection pool for all VUs, up to n connections per origin (default: one pool per VU; without n: no limit)',
      wholeNumber(1, 1_000_000, '; put the script name before this flag'),
    )
    .option(
      '--max-body-memory <MiB>',
      'memory for response bodies in flight, over all VUs (default: 256; a single response: up to 64)',
      wholeNumber(1, 1_000_000),
    )
    .option('--on-fault-start <command>', 'resilience: command that starts a fault, instead of the simulator')
    .option('--on-fault-end <command>', 'command that ends the fault; also run if the run is killed')
    .option(
      '--gate',
      'CI mode: exit 99 if results cannot be trusted, reject runs without thresholds, write junit.xml and report.md',
    )
    .option('--allow-no-samples', '--gate: pass even if a threshold had no samples')
    .option('--max-thrown <percent>', '--gate: percentage of iterations that may throw (default: 1)', percentageFlag)
    .option('--allow-invalid', 'do not invalidate the run if the load generator was at fault; add a remark')
    .option('--dry-run', 'print target, load and duration, check everything that needs no load, and exit')
    .option('--json', 'one JSON object on stdout instead of the summary')
    .option('-q, --quiet', 'print no banner and no progress')
    .option('-c, --config <file>', 'JSON file with k6 options; options in the script take precedence')
    .option(
      '-o, --out <kind=place>',
      'write every sample: json=FILE or csv=FILE (.gz compresses, - is stdout); or export metrics: prometheus=PORT for scraping, prometheus-rw=URL for remote write',
      collected,
    )
    .option('--summary-export <file>', "write the summary in k6's export format (true on a threshold means crossed)");
  addLingerFlag(command);
  addTargetMetricFlags(command);
  addDriftFlags(command, 'Drift of a soak:');
  addOptionFlags(command);
  command
    .addHelpText('after', () => runHelp(command))
    .action(async (nameOrFile: string, flags: RunFlags) => {
      const terminal = makeTerminal(process.stderr, process.env);
      // Also covers a third Ctrl-C, which exits at once.
      process.once('exit', terminal.clear);
      const warn = (line: string): void => terminal.line(`warning: ${line}`);
      const layers = optionLayers(command, flags.config, process.env, warn);
      const outputs = outputsOf(flags);
      refuseContradictions(flags, layers);
      process.exitCode = await runScript(nameOrFile, flags, { layers, ...outputs }, terminal);
    });
}

/** Everything around one run of the engine. Returns the exit code. */
async function runScript(
  nameOrFile: string,
  flags: RunFlags,
  { layers, outputs, metricTargets }: Beside,
  terminal: Terminal,
): Promise<number> {
  const script = findScript(nameOrFile);
  refuseGroundOptions(script, layers);
  const env = scriptEnvironment(script, flags.env ?? [], process.env);
  const simulated = needsSimulator(script, env, flags);
  checkFaultFlags(script, flags, env);
  if (script.builtIn) settleFiles(env);
  else if (simulated) settleInventory(env, script.path);
  const settings = settingsOfScenario(script, { ...env, ...hooksToCome(flags) });
  const inventory = script.builtIn || simulated ? inventoryOf(script, env) : undefined;
  const drift = driftRulesOfRun(script, flags, simulated);
  const options = simulatorArguments([
    ...(flags.simulatorOption ?? []),
    ...(flags.driftClock === undefined ? [] : [`driftClock=${flags.driftClock}`]),
  ]);
  const targetMetrics = await openTargetMetrics(flags, drift?.clock ?? 1, (line) => terminal.line(`warning: ${line}`));
  const results = new ResultsFolder(flags.results, script.name, new Date());
  results.prepare();

  let simulator: SimulatorProcess | undefined;
  let faultCommands: FaultCommands | undefined;
  const metricOutputs = await openMetricOutputs(metricTargets, flags, terminal);
  const stop = new StopSignal();
  let unlisten = (): void => undefined;
  // Before that there is nothing to summarize, and the default handler can end even an endless loop in init code.
  const onPrepared = (): void => {
    unlisten = stopOnSignals(stop, terminal.line);
  };
  try {
    if (simulated && inventory !== undefined) {
      const warn = (reason: string): void => terminal.line(`warning: ${reason}`);
      simulator = await startSimulatorOfRun(env, inventory.file, options, warn);
    }
    const target = givenIn(env, 'PF_BASE_URL') ?? (script.builtIn ? writtenDefault('PF_BASE_URL') : undefined);
    const proxy = tellProxy(env, target);
    if (!flags.quiet) {
      const people = inventory && { file: inventory.file, users: inventory.users.length, seed: inventory.seed };
      const load = { settings, loadReplaced: setsLoad(layers) };
      banner({ script, ...load, target, proxy, simulated, env, inventory: people }).forEach(terminal.line);
    }
    faultCommands = await startFaultCommands(flags);
    Object.assign(env, faultCommands?.hooks);
    const recorder = new RunRecorder(results);
    const facts: RunStart = {
      script,
      env,
      given: (flags.env ?? []).map((pair) => pair.slice(0, pair.indexOf('='))),
      simulated,
      inventory: inventory === undefined ? null : identityOf(inventory),
      intervalMs: flags.interval ?? 1_000,
      drift,
    };
    await targetMetrics?.check();
    const begun = (plan: ExecutionPlan, startedAt: Date): void => {
      const run = runFile(facts, plan, startedAt, results.make());
      recorder.start(run);
      targetMetrics?.start(startedAt, run.intervalMs, (interval) => recorder.interval(interval));
      metricOutputs?.begin(metricPlanOf(run, plan, startedAt));
    };
    const beside = { layers, outputs, metricTargets, stop, onPrepared, recorder, metricOutputs, begun };
    const result = await play(script, env, flags, beside, terminal, results);
    if (flags.dryRun && result.verdict === 'pass') return sayRehearsed(script, flags, result.exitCode, terminal);
    await targetMetrics?.finish((interval) => recorder.interval(interval));
    const code = await reportRun(result, flags, terminal, { results, recorder, simulator, settings });
    if (metricOutputs !== undefined) {
      unlisten();
      await endMetricOutputs(metricOutputs, recorder.run?.end, flags, stop);
    }
    return code;
  } finally {
    await metricOutputs?.discard();
    terminal.clear();
    targetMetrics?.stop();
    results.close();
    await faultCommands?.release();
    await simulator?.stop();
    unlisten();
  }
}

/** Ends a successful dry run. */
function sayRehearsed(script: Script, flags: RunFlags, exitCode: number, terminal: Terminal): number {
  const checked = script.builtIn ? 'settings, users, target and devices are usable' : 'script and options are usable';
  if (!flags.quiet) terminal.line(`dry run: ${checked}; no load was made`);
  return exitCode;
}

/** Whether the run starts its own simulator. Throws a ConfigurationError for flags that do not apply. */
function needsSimulator(script: Script, env: Readonly<Record<string, string>>, flags: RunFlags): boolean {
  const target = givenIn(env, 'PF_BASE_URL');
  const simulated = target === undefined && (script.builtIn || flags.simulator === true);
  if (flags.simulator && target !== undefined) {
    throw new ConfigurationError(
      `--simulator cannot be combined with PF_BASE_URL=${maskUrl(target)}; leave one of them out`,
    );
  }
  if (flags.simulatorOption !== undefined && !simulated) {
    const why =
      target === undefined
        ? `${script.name} does not start a simulator; add --simulator`
        : `PF_BASE_URL is ${maskUrl(target)}`;
    throw new ConfigurationError(`--simulator-option has no effect: ${why}`);
  }
  return simulated;
}

/**
 * Reads the inventory that the script will open, so that its faults are reported first: the given one, or the
 * package's, beside the bundle. A user's script may have its own beside it.
 */
function inventoryOf(script: Script, env: Readonly<Record<string, string>>): { file: string } & Inventory {
  const given = givenIn(env, 'INVENTORY') ?? writtenDefault('INVENTORY');
  const beside = resolve(dirname(script.path), given);
  const file =
    !script.builtIn && givenIn(env, 'INVENTORY') === undefined && !existsSync(beside) ? join(DIST, given) : beside;
  return { file, ...readInventoryFile(file) };
}

/** Runs the bundle, with progress, console output and signals. */
async function play(
  script: Script,
  env: Readonly<Record<string, string>>,
  flags: RunFlags,
  { layers, outputs, stop, onPrepared, recorder, metricOutputs, begun }: Beside & Stopping & RecordKeeping,
  terminal: Terminal,
  results: ResultsFolder,
): Promise<RunResult> {
  const { run } = await import('../engine/run.ts');
  const view = liveView(terminal, { countsFlows: script.builtIn, stop }, flags.interval);
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
      // A user's setup() may do anything, so it is not run.
      ...(flags.dryRun ? { rehearse: script.builtIn ? 'setup' : 'init' } : {}),
      stop,
      onPrepared,
      // One per core, minus one for thresholds, outputs and progress.
      workers: flags.workers ?? Math.max(1, availableParallelism() - 1),
      ...(flags.sharedConnections === undefined
        ? {}
        : { sharedConnections: flags.sharedConnections === true ? Infinity : flags.sharedConnections }),
      ...(flags.maxBodyMemory === undefined ? {} : { maxBodyMemory: flags.maxBodyMemory * 2 ** 20 }),
      ...(flags.quiet ? {} : { onProgress: view.show }),
      progressEveryMs: terminal.live ? LIVE_EVERY_MS : PLAIN_EVERY_MS,
      onPlan: (planned) => {
        plan = planned;
        refuseEndless(planned);
        if (flags.gate) requireThresholds(planned, script.name);
        view.plan(planned);
        if (flags.quiet !== true) {
          terminal.line(`load       ${planLine(planned.scenarios, script.builtIn ? 'flow starts' : 'iterations')}`);
          warnOfDescriptors(planned, flags.sharedConnections, terminal.line);
        }
      },
      onStart: (startedAt) => begun(plan!, startedAt),
      onInterval: (interval) => {
        recorder.interval(interval);
        metricOutputs?.write(interval);
        view.record(interval);
      },
      ...(flags.interval === undefined ? {} : { intervalMs: flags.interval }),
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
