import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { parseObjective } from '../analysis/capacity/objective.ts';
import type { SearchSettings } from '../analysis/capacity/search-level.ts';
import { checkSearch } from '../analysis/capacity/search-settings.ts';
import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { METRIC_MODELS } from '../catalogue/metric-models.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import type { Inventory } from '../contract/inventory.ts';
import { visibleJson } from '../contract/shown-text.ts';
import { setsLoad } from '../engine/consolidate.ts';
import { humanMs } from '../lib/population/human-duration.ts';
import { notDrawn } from '../population/variant-of.ts';
import { ResultsFolder } from '../record/results-folder.ts';
import type { AnswerFile } from '../report/capacity/answer-file.ts';
import { answerText } from '../report/capacity/text.ts';
import { usersOfRun } from './enough-users.ts';
import { nextByHand } from './capacity/next-level.ts';
import { resumed } from './capacity/resume.ts';
import type { Resumed } from './capacity/resume.ts';
import { SearchFailed, runSearch } from './capacity/search-run.ts';
import type { SearchPlan } from './capacity/search-run.ts';
import { writeAnswerFiles } from './capacity/write-answer.ts';
import { endLeftFaults } from './faults/left-faults.ts';
import { durationFlag, percentageAbove0, refuseBareFraction, wholeNumber } from './flag-values.ts';
import { indentedLine, oneLine } from './one-line.ts';
import { addOptionFlags, optionLayers } from './option-flags.ts';
import { withSimulator } from './play-run.ts';
import { setUp, withUsers } from './set-up.ts';
import type { Setup } from './set-up.ts';
import type { CapacityFlags } from './capacity/flags.ts';
import { readPopulation } from './read-population.ts';
import { checkRequestObject } from './request-to-come.ts';
import { givenIn } from './script-environment.ts';
import { print } from './stdout.ts';
import { addTargetFlags } from './target-flags.ts';
import { addScrapeFlag, openTargetMetrics } from './target-metrics/flags.ts';
import { makeTerminal } from './terminal.ts';

/** What is searched for unless the flags say otherwise. Times in seconds. */
const DEFAULTS = { budget: 900, precision: 0.05, confidence: 0.95, start: 10, max: 500, level: 60 } as const;

/** Twelve looks at the target's metrics in a level, which are 15 s apart by a clock that goes as usual. */
const SCRAPE_CLOCK = 12 * 15;

/** Settings that each level sets for itself. */
const OWN_SETTINGS = ['RATE', 'RAMP', 'DURATION', 'SEED', 'USER_OFFSET'];

/** Flags and help of `pairstorm capacity`. */
export function define(command: Command): void {
  const time = (flag: string): ((text: string) => number) => {
    const read = durationFlag(flag);
    return (text) => read(text) / 1_000;
  };
  command
    .option('--slo <text>', 'what must hold, such as "p95(poll_duration)<300ms && error_rate<0.1%"')
    .option('--budget <time>', 'the search ends after this time (default: 15m)', time('--budget'))
    .option('--level <time>', 'longest look at one rate (default: 60s)', time('--level'))
    .option('--precision <percent>', 'how near the answer is to be known (default: 5%)', percentage)
    .option('--confidence <percent>', 'of the interval (default: 95%)', percentage)
    .option('--start <rate>', 'first rate, flow starts per second (default: 10)', positive)
    .option('--max <rate>', 'largest rate that may be tried (default: 500)', positive)
    .option('--at-least <rate>', 'exit with 99 unless this rate is shown to hold', positive)
    .option('--seed <n>', 'the same seed draws the same starts', wholeNumber(0, 0xffff_ffff))
    .option('--nodes <n>', 'nodes of the deployment, which "pairstorm plan" wants to know', wholeNumber(1, 10_000))
    .option('--allow-429', 'requests that a rate limit refuses are failures like others, and do not end the search')
    .option('--allow-invalid', 'a level counts even if the load generator was at fault')
    .option('--resume <dir>', 'go on with the search in this folder')
    .option(
      '--with <command>',
      "a command that plays each level: it has its settings in $ENV, and writes k6's samples to $SAMPLES",
    )
    .option('--next <dir>', 'play the levels yourself: prints the next one as JSON, or the answer')
    .option('--json', 'answer.json on stdout instead of sentences')
    .option('-q, --quiet', 'print no line for each level');
  addScrapeFlag(command).option(
    '--target-cores <n>',
    'with --target-metrics: cores of all nodes together, to say how far CPU is from its limit',
    cores,
  );
  addTargetFlags(command);
  addOptionFlags(command);
  command
    .addHelpText(
      'after',
      `
Searches the rate of sign-ins up to which the deployment meets an objective, and
says it with an interval. Each level plays "load" at one rate and is a run record
of its own; the answer comes from all of them together (docs/methods.md).

An objective is one or more of p(N), med or rate of a metric, joined by "&&":
error_rate, flow_failure_rate and pairing_error_rate are names for rates. That
flows end as they should (MAX_ERROR_RATE) always belongs to it. Without --slo:
p95(http_req_duration{peer:pf}) below P95_MS, and error_rate below MAX_ERROR_RATE.

Writes answer.json, answer.html, answer.md, answer.csv and levels/ into a folder
of its own, with --at-least also junit.xml. Ctrl-C ends the search at any moment:
the levels so far are an answer.

Exits with 0 and an answer, 99 if no rate is known to hold or --at-least is not
shown, 120 if that is the load generator's doing, 105 if it was interrupted.

Examples:
  pairstorm capacity --slo "p95(poll_duration)<300ms && error_rate<0.1%"
  pairstorm capacity --at-least 40 -e PF_BASE_URL=https://sso.example.com -e ALLOW_HOSTS=sso.example.com
  pairstorm capacity --resume results/2026-01-31T12-00-00Z-capacity --budget 30m`,
    )
    .action(async (flags: CapacityFlags) => {
      process.exitCode = await capacity(command, flags);
    });
}

async function capacity(command: Command, given: CapacityFlags): Promise<number> {
  const terminal = makeTerminal(process.stderr, process.env);
  if ([given.resume, given.with, given.next].filter((one) => one !== undefined).length > 1 && given.next !== undefined)
    throw new ConfigurationError('--next judges what you played; leave --with and --resume out');
  if (given.next !== undefined && given.targetMetrics !== undefined)
    throw new ConfigurationError(
      '--next judges what you played; write --target-metrics where you play it: pairstorm run load --target-metrics …',
    );
  if (
    given.targetCores !== undefined &&
    [given.targetMetrics, given.resume, given.next].every((one) => one === undefined)
  )
    throw new ConfigurationError(
      '--target-cores needs --target-metrics URL: where to read how many of them are in use',
    );
  const goesOn =
    given.resume ?? (given.next !== undefined && existsSync(join(given.next, 'answer.json')) ? given.next : undefined);
  const before = goesOn === undefined ? undefined : await resumed(goesOn, given);
  const flags: CapacityFlags = before === undefined ? given : { ...given, ...before.flags };
  refuseOwnSettings(flags);
  const layers = optionLayers(command, undefined, process.env, (line) => terminal.line(`warning: ${line}`));
  if (setsLoad(layers))
    throw new ConfigurationError(
      'the search says what load is made; leave out --vus, --duration and what else says it',
    );
  const max = flags.max ?? DEFAULTS.max;
  // So many users that nobody is in two flows at once, however long the search is.
  const needed = (run: NonNullable<Setup['settings']>, users: Inventory): number =>
    usersOfRun({ ...run, arrivals: 'even', rate: max, durationMs: 86_400_000 }, users);
  const asked = setUp('load', { ...flags, env: [...(flags.env ?? []), 'RAMP=0s'] }, layers);
  const settings = searchSettings(asked, flags);
  // One that expires in mid-search would pass for a target that breaks.
  checkRequestObject(asked.env, settings.budgetSeconds * 1_000);
  checkSearch(settings, flags.atLeast ?? null);
  checkPlayed(asked, settings);
  if (flags.next !== undefined) return tellNext(flags.next, flags, asked, settings, before);
  const metrics = await openTargetMetrics(flags, SCRAPE_CLOCK / settings.levelSeconds, (line) =>
    terminal.line(`warning: ${line}`),
  );
  const setup = await withUsers(asked, flags, needed);
  await endLeftFaults({
    ...{ results: flags.results, target: givenIn(setup.env, 'PF_BASE_URL'), toxiproxy: undefined },
    ...{ makesFaults: false, say: terminal.line },
  });
  const results =
    before === undefined
      ? new ResultsFolder(flags.results, 'capacity', new Date())
      : new ResultsFolder(join(resolve(before.folder), '..'), before.name);
  results.prepare();
  const say = flags.quiet === true ? { ...terminal, line: (): void => undefined } : terminal;
  try {
    const folder = before === undefined ? (results.make(), results.path) : before.folder;
    const seed = seedOf(flags, setup, before);
    const answer = await withSimulator(setup, terminal, (simulator) => {
      terminal.line(`searching  ${folderName(folder)}`);
      return runSearch(
        {
          ...{ setup, simulator, flags, layers, folder, seed, terminal: say },
          targetMetrics: metrics && (() => metrics.anew()),
          ...{ allow429: flags.allow429 === true, threads: Math.max(1, flags.workers ?? availableParallelism() - 1) },
        },
        searchPlan(flags, setup, settings, seed, before),
        (soFar) => void writeAnswerFiles(folder, soFar, 'json'),
      );
    });
    const problem = await writeAnswerFiles(folder, answer, 'all');
    if (flags.json) print(`${visibleJson(JSON.stringify(answer))}\n`);
    else print(`${answerText(answer).map(indentedLine).join('\n')}\n`);
    terminal.line(
      problem === undefined
        ? `results → ${folderName(folder)}`
        : `warning: some results could not be written: ${problem} (${folderName(folder)})`,
    );
    if (problem === undefined || answer.atLeast === null || answer.exitCode !== EXIT_CODES.pass.code)
      return answer.exitCode;
    terminal.line('fail: what was to be shown is, but junit.xml or another of its files says nothing of it');
    return EXIT_CODES.thresholds_failed.code;
  } catch (error) {
    if (!(error instanceof SearchFailed)) throw error;
    terminal.line(`error: ${oneLine(error.message)}`);
    return error.exitCode;
  }
}

/** Judges the levels that somebody played, and prints the next one, or the answer. */
async function tellNext(
  folder: string,
  flags: CapacityFlags,
  setup: Setup,
  settings: SearchSettings,
  before: Resumed | undefined,
): Promise<number> {
  const seed = seedOf(flags, setup, before);
  const { answer, level } = await nextByHand(
    { setup, folder, seed, allow429: flags.allow429 === true, allowInvalid: flags.allowInvalid === true },
    searchPlan(flags, setup, settings, seed, before),
  );
  const problem = await writeAnswerFiles(folder, answer, level === null ? 'all' : 'json');
  if (problem !== undefined) throw new ConfigurationError(`--next ${folder}: ${problem}`);
  print(`${visibleJson(JSON.stringify(level === null ? { answer } : { level }))}\n`);
  return level === null ? answer.exitCode : EXIT_CODES.pass.code;
}

const seedOf = (flags: CapacityFlags, { inventory }: Setup, before: Resumed | undefined): number =>
  before?.answer.search.seed ?? flags.seed ?? inventory?.seed ?? 0;

/** The search that the flags ask for, after what was played of it before. */
function searchPlan(
  flags: CapacityFlags,
  { inventory }: Setup,
  settings: SearchSettings,
  seed: number,
  before: Resumed | undefined,
): SearchPlan {
  return {
    settings,
    atLeast: flags.atLeast ?? null,
    nodes: flags.nodes ?? before?.answer.nodes,
    rows: before?.rows ?? [],
    asked: askedOf(flags, settings, seed),
    command: flags.with,
    startedAt: before?.answer.startedAt ?? new Date().toISOString(),
    firstUser: inventory === undefined ? 0 : firstDrawn(inventory),
    cool: { leastSeconds: settings.levelSeconds / 12, mostSeconds: settings.levelSeconds },
  };
}

const folderName = (folder: string): string => relative(process.cwd(), folder) || folder;

/** How the search was asked for, as a search that is resumed needs it. */
function askedOf(flags: CapacityFlags, settings: SearchSettings, seed: number): AnswerFile['search'] {
  const { startRate, maxRate, budgetSeconds, precision, confidence, levelSeconds, warmUpSeconds, coolSeconds } =
    settings;
  return {
    slo: flags.slo ?? null,
    ...{ startRate, maxRate, budgetSeconds, precision, confidence, levelSeconds, warmUpSeconds, coolSeconds, seed },
    ...(flags.targetCores === undefined ? {} : { targetCores: flags.targetCores }),
    ...{ allow429: flags.allow429 === true, settings: flags.env ?? [], simulatorOptions: flags.simulatorOption ?? [] },
  };
}

function refuseOwnSettings({ env = [] }: CapacityFlags): void {
  const own = env.map((pair) => pair.slice(0, pair.indexOf('='))).find((name) => OWN_SETTINGS.includes(name));
  if (own === undefined) return;
  const instead: Readonly<Record<string, string>> = {
    RATE: 'write --start and --max',
    DURATION: 'write --level',
    SEED: 'write --seed',
  };
  throw new ConfigurationError(`-e ${own}: each level of a search sets it; ${instead[own] ?? 'leave it out'}`);
}

/** Users who stand at the beginning because there is one of each kind say nothing of the population's shares. */
function firstDrawn({ population, generator }: Inventory): number {
  if (population === undefined || !generator.startsWith('pairstorm')) return 0;
  try {
    return notDrawn(readPopulation(population));
  } catch {
    return 0;
  }
}

/** What the flags ask for, with what the users take. */
function searchSettings(setup: Setup, flags: CapacityFlags): SearchSettings {
  const { maxErrorRate, p95Ms, timeScale } = setup.settings!;
  const levelSeconds = flags.level ?? DEFAULTS.level;
  const times = setup.inventory!.users.map((user) => humanMs(user)).sort((a, b) => a - b);
  // After so long most of the flows that are open have been there for as long as they take.
  const flowSeconds = (times[Math.floor(0.95 * (times.length - 1))]! * timeScale) / 1_000;
  return {
    terms: parseObjective(flags.slo, METRIC_MODELS, { maxErrorRate, p95Ms }),
    startRate: flags.start ?? DEFAULTS.start,
    maxRate: flags.max ?? DEFAULTS.max,
    budgetSeconds: flags.budget ?? DEFAULTS.budget,
    precision: flags.precision ?? DEFAULTS.precision,
    confidence: flags.confidence ?? DEFAULTS.confidence,
    levelSeconds,
    warmUpSeconds: Math.ceil(Math.max(levelSeconds / 6, flowSeconds)),
    coolSeconds: Math.ceil(levelSeconds / 12 + flowSeconds) + 1,
  };
}

/** Metrics of which only flows that pair a device have samples. */
const OF_PAIRING = ['pairing_error_rate', 'pairing_duration'];

/** Refuses what no level could tell. Throws a ConfigurationError. */
function checkPlayed(
  { settings, inventory }: Setup,
  { terms, startRate, levelSeconds, warmUpSeconds }: SearchSettings,
): void {
  const { driver, timeScale, usersExhausted } = settings!;
  const { users } = inventory!;
  if (timeScale !== 1 && driver !== 'simulated')
    throw new ConfigurationError(
      `TIME_SCALE is ${timeScale}: an answer for a real deployment needs people at their own pace`,
    );
  const pairing = terms.find(({ selector }) => OF_PAIRING.some((metric) => selector.startsWith(metric)));
  if (pairing !== undefined && !users.some(({ behaviour }) => behaviour.pairing !== undefined))
    throw new ConfigurationError(
      `--slo "${pairing.text}": nobody in INVENTORY pairs a device, so there would be no sample`,
    );
  const least = Math.ceil(4 * startRate * (levelSeconds + warmUpSeconds));
  if (usersExhausted === 'stop' && users.length < least)
    throw new ConfigurationError(
      `INVENTORY has ${users.length} users, each played once (USERS_EXHAUSTED=stop); four levels from ${startRate}/s on take ${least}: ` +
        `${least - users.length} are missing`,
    );
}

function percentage(text: string): number {
  refuseBareFraction(text);
  return percentageAbove0(text);
}

function cores(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || !(value > 0)) throw new InvalidArgumentError('Write a number above 0, such as 8.');
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || !(value > 0)) throw new InvalidArgumentError('Write a rate above 0, such as 10.');
  return value;
}
