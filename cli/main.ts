import { Command, CommanderError } from 'commander';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { visibleJson, visibleLines } from '../contract/shown-text.ts';
import { memoryFault } from '../engine/memory-fault.ts';
import { ListedError } from './habits/listed-error.ts';
import { indentedLine, oneLine } from './one-line.ts';
import { VERSION } from './package.ts';
import { errorResult } from './result.ts';
import type { DoctorResult } from './doctor.ts';
import { print } from './stdout.ts';

interface CommandModule {
  /** Adds arguments, flags, help text and the action, which may set `process.exitCode`. */
  define(command: Command): void;
}

/**
 * Loads a command that plays runs after what reports them: the files of one import are opened at once, and a run must
 * start where few may be open.
 */
async function afterReports<T>(load: () => Promise<T>): Promise<T> {
  await import('./report-run.ts');
  return load();
}

/** All subcommands; only the requested one is loaded. */
const COMMANDS: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<CommandModule> }>> = {
  run: {
    summary: 'run a scenario, against PF_BASE_URL or a simulator of its own',
    load: () => import('./run.ts'),
  },
  capacity: {
    summary: 'how many sign-ins and pairings can a deployment take? an answer with an interval',
    load: () => afterReports(() => import('./capacity.ts')),
  },
  plan: {
    summary: 'how many nodes does a peak take? from answers of capacity',
    load: () => import('./plan.ts'),
  },
  simulate: {
    summary: 'simulate PingFederate, PingOne MFA and the phones on a local port',
    load: () => import('./simulate.ts'),
  },
  compare: {
    summary: 'is a run worse than a baseline? every metric, with confidence intervals',
    load: () => import('./compare.ts'),
  },
  drift: {
    summary: 'did anything drift in a run of hours? each series, with an interval',
    load: () => import('./drift.ts'),
  },
  faults: {
    summary: 'end the faults that a killed run left active',
    load: () => import('./faults.ts'),
  },
  init: {
    summary: 'make a starter project: users, a script, a CI job, a README',
    load: () => import('./init.ts'),
  },
  doctor: {
    summary: 'check a target before a run: what is wrong, and how to fix it',
    load: () => import('./doctor.ts'),
  },
  trace: {
    summary: 'play one flow and print each of its requests',
    load: () => import('./trace.ts'),
  },
  'request-object': {
    summary: 'sign a request object, with which PingFederate shows the codes of test devices',
    load: () => import('./request-object.ts'),
  },
  'test-users': {
    summary: 'make users with test devices in PingOne, or take them away again',
    load: () => import('./test-users.ts'),
  },
  inventory: {
    summary: 'make a seeded inventory of users, devices and behaviours',
    load: () => import('./inventory.ts'),
  },
  import: {
    summary: "make a run record from k6's samples (--out json)",
    load: () => import('./import.ts'),
  },
  merge: {
    summary: 'merge the records of several machines into one',
    load: () => import('./merge.ts'),
  },
  deploy: {
    summary: 'write Kubernetes manifests that play a scenario in parts, and judge the whole',
    load: () => import('./deploy.ts'),
  },
  report: {
    summary: 'make a report of a run: verdict, outcomes, latency, failures',
    load: () => import('./report.ts'),
  },
};

const HELP = `
Examples:
  pairstorm run smoke                       every flow kind once, against the built-in simulator
  pairstorm run load -e RATE=50 --json      one JSON object for CI
  pairstorm run load --live                 a page that shows the run while it goes
  pairstorm capacity --slo "p95(poll_duration)<300ms"
  pairstorm plan --capacity 3=results/<search> --peak-hour 200000
  pairstorm compare results/before results/after
  pairstorm doctor -e PF_BASE_URL=…         is the target ready for a run?
  pairstorm trace --kind F4                 one flow, request by request
  pairstorm simulate                        a simulated PingFederate to experiment with
  pairstorm inventory --users 50000 --out people.json
  pairstorm report results/<run>            a run as an HTML page

Exit codes:
${Object.values(EXIT_CODES)
  .map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`)
  .join('\n')}

A stack trace is shown only with --verbose or PAIRSTORM_DEBUG=1.`;

async function makeProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('pairstorm')
    .description('Load and resilience tests for the device-pairing and MFA flows of PingFederate with PingOne MFA.')
    .version(VERSION, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', HELP)
    .exitOverride()
    // fail() prints errors, on one line.
    .configureOutput({ outputError: () => undefined })
    .configureHelp({ helpWidth: Math.min(process.stdout.columns || 80, 100), minWidthToWrap: 30 });
  for (const [name, { summary, load }] of Object.entries(COMMANDS)) {
    const command = program.command(name).description(summary).version(VERSION, '-v, --version', 'print the version');
    if (!args.includes(name)) continue;
    (await load()).define(command);
    command.option('--verbose', 'show the stack trace of an error');
  }
  return program;
}

/** What `--json` prints if a command fails before it starts. */
const ERROR_OBJECTS: Readonly<Record<string, (exitCode: number, reason: string) => object>> = {
  run: errorResult,
  compare: (exitCode, reason) => ({ exitCode, comparison: 'pairstorm', version: 1, verdict: 'error', reason }),
  doctor: (exitCode, reason) => ({ exitCode, target: null, checks: [], reason }) satisfies DoctorResult,
};

/** Prints an error on one line of stderr (with --json also as an object on stdout) and returns the exit code. */
export function fail(error: unknown, args: readonly string[]): number {
  // Node loads its own code lazily: a descriptor limit that is too low may surface anywhere.
  const limited = error instanceof Error && 'code' in error && ['EMFILE', 'ENFILE'].includes(String(error.code));
  const lacking = memoryFault(error);
  const usage =
    limited || lacking !== undefined || error instanceof CommanderError || error instanceof ConfigurationError;
  const exit = usage ? EXIT_CODES.invalid_configuration : EXIT_CODES.internal_error;
  const verbose = args.includes('--verbose') || (process.env['PAIRSTORM_DEBUG'] ?? '') !== '';
  const said = oneLine(error instanceof Error ? error.message : String(error)).replace(/^error: /, '');
  const message = lacking === undefined ? said : `${said}: ${lacking}`;
  const hint = limited
    ? '; raise "ulimit -n"'
    : usage || verbose
      ? ''
      : ' (a bug in Pairstorm; run with --verbose for details)';
  // Without a command, commander has already printed the help.
  if (!(error instanceof CommanderError && error.code === 'commander.help')) {
    process.stderr.write(`error: ${message}${hint}\n`);
    const list = error instanceof ListedError ? error.list : [];
    for (const line of list) process.stderr.write(`  ${indentedLine(line)}\n`);
  }
  if (verbose && error instanceof Error && error.stack !== undefined)
    process.stderr.write(`${visibleLines(error.stack)}\n`);
  const asObject = args.includes('--json') ? ERROR_OBJECTS[args[0] ?? ''] : undefined;
  if (asObject !== undefined) print(`${visibleJson(JSON.stringify(asObject(exit.code, message)))}\n`);
  return exit.code;
}

/** Many tools use `-V`. */
const asVersion = (word: string, at: number): string => (word === '-V' && at < 2 ? '--version' : word);

/** `--live` alone takes no value: the word behind it may be the scenario. */
const asLive = (word: string): string => (word === '--live' ? '--live=0' : word);

/** The words of a command line as they are understood. */
export function understood(words: readonly string[]): readonly string[] {
  return words.map(asVersion).map(asLive);
}

/** Carries out a command, `words` being what stands behind its name, and returns its exit code. */
export async function carryOut(words: readonly string[]): Promise<number> {
  try {
    await (await makeProgram(words)).parseAsync(words, { from: 'user' });
    return Number(process.exitCode ?? EXIT_CODES.pass.code);
  } catch (error) {
    // Commander ends with an error where it has printed help or the version, too.
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_CODES.pass.code;
    const { explained } = await import('./usage-hints.ts');
    return fail(explained(error, words), words);
  }
}
