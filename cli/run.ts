import type { Beside } from './play-run.ts';
import { setUp, withUsers } from './set-up.ts';
import type { RunFlags, Setup } from './set-up.ts';
import type { ClockPlace } from './part/target-clock.ts';
import { ResultsFolder } from '../record/results-folder.ts';
import { collected, intervalLength, percentageFlag } from './flag-values.ts';
import { addLiveFlags, checkLiveFlags } from './live-page/flags.ts';
import { addLingerFlag } from './metric-outputs.ts';
import { addDriftFlags } from './drift-flags.ts';
import { addFaultFlags } from './faults/fault-flags.ts';
import { endLeftFaults } from './faults/left-faults.ts';
import { RESILIENCE_HELP, addResilienceFlags } from './resilience-flags.ts';
import { givenIn } from './script-environment.ts';
import { outputsOf } from './named-outputs.ts';
import { addOptionFlags, optionLayers } from './option-flags.ts';
import { addPartFlags, takesPart, withSegment } from './part/part-flags.ts';
import { refuseContradictions } from './run-contradictions.ts';
import { runHelp } from './run-help.ts';
import { scenarioNames } from './script.ts';
import { addTargetMetricFlags, openTargetMetrics } from './target-metrics/flags.ts';
import { addTargetFlags } from './target-flags.ts';
import { makeTerminal } from './terminal.ts';
import type { Detector } from './faults/detector.ts';
import type { PartGround, PartOfRun } from './part/part-of-run.ts';
import type { Terminal } from './terminal.ts';
import type { Command } from 'commander';

/** Flags and help of `pairstorm run`. */
export function define(command: Command): void {
  const names = scenarioNames();
  addTargetFlags(
    command.argument(
      '<name|file>',
      `a scenario (${names.length === 0 ? 'none built yet' : names.join(', ')}), or a script: TypeScript or JavaScript`,
    ),
  )
    .option('--simulator', 'start a simulator for your own script')
    .option(
      '--interval <duration>',
      'length of a recording interval (default: 1s, from two hours a 1440th of the plan or less)',
      intervalLength,
    )
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
  addLiveFlags(command);
  addLingerFlag(command);
  addTargetMetricFlags(command);
  addDriftFlags(command, 'Drift of a soak:');
  addFaultFlags(command);
  addResilienceFlags(command, RESILIENCE_HELP);
  addPartFlags(command);
  addOptionFlags(command);
  command
    .addHelpText('after', () => runHelp(command))
    .action(async (nameOrFile: string, flags: RunFlags) => {
      const terminal = makeTerminal(process.stderr, process.env);
      // Also covers a third Ctrl-C, which exits at once.
      process.once('exit', terminal.clear);
      const warn = (line: string): void => terminal.line(`warning: ${line}`);
      const layers = withSegment(optionLayers(command, flags.config, process.env, warn), flags.part);
      const outputs = outputsOf(flags);
      refuseContradictions(flags, layers);
      checkLiveFlags(flags);
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
  const setup = await withUsers(setUp(nameOrFile, flags, layers), flags);
  const warn = (line: string): void => terminal.line(`warning: ${line}`);
  const targetMetrics = await openTargetMetrics(flags, setup.drift?.clock ?? 1, warn);
  const detector = flags.detect === undefined ? undefined : await openDetector(flags.detect, warn);
  await endLeftFaults({
    ...{ results: flags.results, target: givenIn(setup.env, 'PF_BASE_URL'), toxiproxy: flags.toxiproxy },
    makesFaults: setup.resilience !== undefined,
    say: terminal.line,
  });
  const results = new ResultsFolder(flags.results, setup.script.name, new Date());
  results.prepare();
  // Loaded only now, as most of what is refused is refused before; and after what reports a run: the files of one import are opened
  // at once, and a run must start where few may be open.
  await import('./report-run.ts');
  const { playRun, withSimulator } = await import('./play-run.ts');
  const part = await partOf(flags, {
    ...{
      layers,
      clock: clockOf(setup),
      dryRun: flags.dryRun === true,
      quiet: flags.quiet === true,
      say: terminal.line,
    },
  });
  try {
    return await withSimulator(setup, terminal, async (simulator) => {
      const ground = { ...setup, simulator, results, targetMetrics, detector, part };
      const played = await playRun(ground, flags, { layers, outputs, metricTargets }, terminal);
      return part === undefined ? played.exitCode : await part.leave(played, results.path);
    });
  } catch (error) {
    await part?.giveUp(error);
    throw error;
  }
}

/** Where the target's clock is read; a simulator of the run's own has that of this machine. */
function clockOf({ simulated, env, settings }: Setup): ClockPlace | undefined {
  const target = givenIn(env, 'PF_BASE_URL');
  return simulated || target === undefined ? undefined : { target, verify: settings?.tlsSkipVerify !== true };
}

/** Loads what joins a run of several machines, and its HTTP client, only if there is one. */
async function partOf(flags: RunFlags, ground: PartGround): Promise<PartOfRun | undefined> {
  if (!takesPart(flags)) return undefined;
  const { PartOfRun } = await import('./part/part-of-run.ts');
  return PartOfRun.join(flags, ground);
}

/** Loads the detector only if it is asked for. */
async function openDetector(asked: string, warn: (line: string) => void): Promise<Detector> {
  const { Detector } = await import('./faults/detector.ts');
  const detector = new Detector(asked, warn);
  await detector.check();
  return detector;
}
