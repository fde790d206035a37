import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { compareRuns } from '../analysis/comparison/compare-runs.ts';
import { DEFAULT_SETTINGS } from '../analysis/comparison/comparison.ts';
import type { Comparison, ComparisonSettings } from '../analysis/comparison/comparison.ts';
import { RunCollector } from '../analysis/comparison/run-collector.ts';
import { estimateRun } from '../analysis/comparison/run-estimates.ts';
import type { EstimatedRun } from '../analysis/comparison/run-estimates.ts';
import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { visibleJson } from '../contract/shown-text.ts';
import { openRecord, repeatedRuns } from '../record/read-record.ts';
import { historyOf } from '../analysis/comparison/history.ts';
import type { History } from '../analysis/comparison/history.ts';
import { describeFileError } from '../record/text-file.ts';
import { answerInWords } from '../report/comparison/figures.ts';
import { historyInWords, historyText } from '../report/comparison/history-words.ts';
import { comparisonText } from '../report/comparison/text.ts';
import { collected, durationFlag } from './flag-values.ts';
import { indentedLine, oneLine } from './one-line.ts';
import { VERSION } from './package.ts';
import { print } from './stdout.ts';
import { writeFileSync } from 'node:fs';

interface CompareFlags {
  readonly base?: readonly string[];
  readonly new?: readonly string[];
  readonly history?: readonly string[];
  readonly out?: string;
  readonly tolerance?: number;
  readonly toleranceMs?: number;
  readonly tolerancePoints?: number;
  readonly confidence?: number;
  readonly skip?: number;
  readonly anyway?: true;
  readonly all?: true;
  readonly json?: true;
  readonly format?: Format;
}

const FORMATS = ['text', 'markdown', 'html', 'junit'] as const;
type Format = (typeof FORMATS)[number];

/** What a form makes of a comparison and of a history. */
interface Form {
  readonly comparison: (comparison: Comparison, flags: CompareFlags) => string;
  readonly history: (history: History) => string;
}

const lines = (list: readonly string[]): string => list.map(indentedLine).join('\n');

/** All forms; only the requested one is loaded. */
const FORMS: Readonly<Record<Format, () => Promise<Form>>> = {
  text: async () => ({
    comparison: (comparison, { all }) => lines(comparisonText(comparison, all === true)),
    history: (history) => lines(historyText(history)),
  }),
  markdown: async () => {
    const { comparisonMarkdown } = await import('../report/comparison/markdown.ts');
    const { historyMarkdown } = await import('../report/comparison/history-markdown.ts');
    return { comparison: comparisonMarkdown, history: historyMarkdown };
  },
  html: async () => {
    const { comparisonPage } = await import('../report/comparison/page.ts');
    const { historyPage } = await import('../report/comparison/history-page.ts');
    return {
      comparison: (comparison) => comparisonPage(comparison, VERSION),
      history: (history) => historyPage(history, VERSION),
    };
  },
  junit: async () => {
    const { comparisonJunit, historyJunit } = await import('../report/comparison/junit.ts');
    return {
      comparison: (comparison) => comparisonJunit(comparison, VERSION),
      history: (history) => historyJunit(history, VERSION),
    };
  },
};

export function define(command: Command): void {
  command
    .argument('[base]', 'record of the baseline run, or a folder of several')
    .argument('[new]', 'record of the new run, or a folder of several')
    .option('--base <dir>', 'a baseline run, instead of the first argument; repeatable', collected)
    .option('--new <dir>', 'a new run, instead of the second argument; repeatable', collected)
    .option('--history <dir...>', 'the trend over these runs, or folders of runs, and the steps in it')
    .option('--tolerance <percent>', 'smallest relevant change of durations and rates (default: 5%)', percent(0, 1_000))
    .option('--tolerance-ms <ms>', 'smallest relevant change of durations, in ms (default: 1)', number(0, 1e9))
    .option(
      '--tolerance-points <points>',
      'smallest relevant change of shares, in percentage points (default: 0.5)',
      percent(0, 100),
    )
    .option('--confidence <percent>', 'confidence level over all metrics together (default: 95%)', percent(50, 99.999))
    .option('--skip <time>', 'leave out the start of each run, such as 30s', durationFlag('--skip'))
    .option('--anyway', 'compare runs even if they were not the same test')
    .option('--all', 'list every metric')
    .option('--json', 'one JSON object on stdout instead of the table')
    .option('--format <form>', `${FORMATS.join(', ')} (default: text)`, format)
    .option('--out <file>', 'file to write instead of stdout')
    .addHelpText(
      'after',
      `
Reports for each metric whether the new runs are worse, better, show no
difference, or cannot be compared. A difference counts if it is significant over
all metrics together and beyond the tolerance. Only the part at the planned rate
is compared. With one run per side, a change cannot be told from the variation
between two runs of one release: give two or more baseline runs.
With --history, many runs of one test are put in order of time: each metric's
trend, its lasting changes (steps), and what else changed there. Four runs are
the fewest. docs/compare.md describes the methods.

Exits with 0 if nothing is worse, 99 if something is (with --history: since its
latest step), 104 if the runs were not the same test, one of them is not evidence,
or nothing could be compared.

Examples:
  pairstorm compare results/before results/after
  pairstorm compare --base nightly/1 --base nightly/2 --base nightly/3 --new results/after
  pairstorm compare results/before results/after --format html --out compare.html
  pairstorm compare --history results/* --format html --out trend.html`,
    )
    .action(async (base: string | undefined, next: string | undefined, flags: CompareFlags) => {
      process.exitCode = await compare(base, next, flags);
    });
}

async function compare(base: string | undefined, next: string | undefined, flags: CompareFlags): Promise<number> {
  if (flags.json && flags.format !== undefined) throw new ConfigurationError('--json and --format cannot be combined');
  const settings: ComparisonSettings = {
    tolerance: flags.tolerance ?? DEFAULT_SETTINGS.tolerance,
    toleranceMs: flags.toleranceMs ?? DEFAULT_SETTINGS.toleranceMs,
    tolerancePoints: flags.tolerancePoints ?? DEFAULT_SETTINGS.tolerancePoints,
    confidence: flags.confidence ?? DEFAULT_SETTINGS.confidence,
    skipMs: flags.skip ?? DEFAULT_SETTINGS.skipMs,
  };
  const form = await FORMS[flags.format ?? 'text']();
  if (flags.history !== undefined) {
    if (base !== undefined || flags.base !== undefined || flags.new !== undefined)
      throw new ConfigurationError('--history takes all runs; leave out BASE, NEW, --base and --new');
    const history = await readHistory(flags.history, settings);
    const exitCode = EXIT_CODE_OF[history.verdict];
    deliver(
      flags.json ? visibleJson(JSON.stringify({ exitCode, ...history })) : form.history(history),
      historyInWords(history),
      flags,
    );
    return exitCode;
  }
  const before = await readAll(foldersOf('base', base, flags.base), settings.skipMs);
  const after = await readAll(foldersOf('new', next, flags.new), settings.skipMs);
  const comparison = compareRuns(before, after, settings, flags.anyway === true);
  const exitCode = EXIT_CODE_OF[comparison.verdict];
  deliver(
    flags.json ? visibleJson(JSON.stringify({ exitCode, ...comparison })) : form.comparison(comparison, flags),
    answerInWords(comparison),
    flags,
  );
  return exitCode;
}

/** Prints the text; or writes it to the file, and tells the answer in a sentence, so that no exit code stands alone. */
function deliver(text: string, answer: string, { out }: CompareFlags): void {
  if (out === undefined || out === '-') {
    print(`${text.trimEnd()}\n`);
    return;
  }
  try {
    writeFileSync(out, `${text.trimEnd()}\n`);
  } catch (error) {
    throw new ConfigurationError(`cannot write ${out}: ${describeFileError(error)}; name another with --out FILE`);
  }
  process.stderr.write(`${oneLine(`comparison → ${out}`)}\n${oneLine(`answer: ${answer}`)}\n`);
}

/** Reads the runs of a history. Anything that is not a record is left out and named: `results/*` matches other things, too. */
async function readHistory(folders: readonly string[], settings: ComparisonSettings): Promise<History> {
  const runs: EstimatedRun[] = [];
  const unread: { folder: string; text: string }[] = [];
  for (const folder of folders) {
    try {
      runs.push(...(await readAll(repeatedRuns(folder), settings.skipMs)));
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      unread.push({ folder, text: error.message });
    }
  }
  const [first] = unread;
  if (runs.length === 0 && first !== undefined) throw new ConfigurationError(first.text);
  const history = historyOf(runs, settings);
  return { ...history, leftOut: [...unread, ...history.leftOut] };
}

/** Compare always acts as a gate. */
const EXIT_CODE_OF: Readonly<Record<Comparison['verdict'], number>> = {
  worse: EXIT_CODES.thresholds_failed.code,
  better: EXIT_CODES.pass.code,
  no_difference_shown: EXIT_CODES.pass.code,
  not_comparable: EXIT_CODES.invalid_configuration.code,
  different_tests: EXIT_CODES.invalid_configuration.code,
};

/** Run folders of one side, from its argument and flags. */
function foldersOf(
  side: 'base' | 'new',
  argument: string | undefined,
  flags: readonly string[] = [],
): readonly string[] {
  const given = [...(argument === undefined ? [] : [argument]), ...flags];
  if (given.length === 0)
    throw new ConfigurationError(`no ${side} run given; write: pairstorm compare BASE NEW, or --${side} DIR`);
  return given.flatMap(repeatedRuns);
}

/** Reads records one at a time, keeping only the estimates, so that memory stays bounded. */
async function readAll(folders: readonly string[], skipMs: number): Promise<readonly EstimatedRun[]> {
  const runs: EstimatedRun[] = [];
  for (const folder of folders) {
    const record = openRecord(folder);
    const collector = new RunCollector(record.run);
    for await (const interval of record.intervals()) collector.add(interval);
    runs.push(estimateRun(folder, collector.finish(skipMs), record.damage()));
  }
  return runs;
}

/** Parses a percentage, with or without `%`, into a share. */
function percent(min: number, max: number): (text: string) => number {
  const read = number(min, max);
  return (text) => read(text.trim().replace(/\s*%$/, '')) / 100;
}

function number(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`Write a number from ${min} to ${max}.`);
    return value;
  };
}

function format(text: string): Format {
  const known = FORMATS.find((name) => name === text);
  if (known === undefined) throw new InvalidArgumentError(`Allowed choices are ${FORMATS.join(', ')}.`);
  return known;
}
