import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { planAssumptions, planSentences } from '../analysis/planning/plan-words.ts';
import { planNodes } from '../analysis/planning/plan.ts';
import type { PlanQuestion } from '../analysis/planning/plan.ts';
import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { visibleJson } from '../contract/shown-text.ts';
import { ResultsFolder } from '../record/results-folder.ts';
import { describeFileError, replaceFile } from '../record/text-file.ts';
import { planMarkdown } from '../report/planning/markdown.ts';
import { planPage } from '../report/planning/page.ts';
import { PLAN_VERSION } from '../report/planning/plan-file.ts';
import type { PlanFile } from '../report/planning/plan-file.ts';
import { planText } from '../report/planning/text.ts';
import { refuseBareFraction, resultsPlace, wholeNumber } from './flag-values.ts';
import { indentedLine } from './one-line.ts';
import { VERSION } from './package.ts';
import { readAnswers } from './planning/read-answers.ts';
import { print } from './stdout.ts';

/** What a plan is made for unless the flags say otherwise. */
const DEFAULTS = { peakToMean: 1.6, growth: 0, headroom: 0.2, nodesMayFail: 1, connectionsPerUser: 1 } as const;

interface PlanFlags extends Partial<Omit<PlanQuestion, 'pairingShare'>> {
  readonly capacity?: readonly string[];
  readonly pairings?: number;
  readonly nodes?: number;
  readonly oneDeployment?: true;
  readonly results: string;
  readonly json?: true;
}

/** Flags and help of `pairstorm plan`. */
export function define(command: Command): void {
  command
    .option(
      '--capacity <dir...>',
      'folder of a search for capacity, or NODES=DIR; repeatable, one per number of nodes and mix',
    )
    .option('--peak-hour <n>', 'sign-ins in the busiest hour', signIns)
    .option('--pairings <percent>', 'share of the sign-ins that pair a device (default: as measured)', percentage(100))
    .option('--nodes-may-fail <n>', 'so many nodes may be down at the peak (default: 1)', wholeNumber(0, 1_000))
    .option('--peak-to-mean <factor>', 'busiest minutes of that hour, relative to its mean (default: 1.6)', factor)
    .option('--growth <percent>', 'growth of the load to plan for (default: 0%)', percentage(1_000))
    .option(
      '--headroom <percent>',
      'part of the capacity that is to stay free at the peak (default: 20%)',
      percentage(99),
    )
    .option(
      '--connections-per-user <n>',
      'connections that a person who signs in holds (default: 1)',
      wholeNumber(1, 100),
    )
    .option(
      '--nodes <n>',
      'nodes that the answers were measured with, of those that do not say it',
      wholeNumber(1, 10_000),
    )
    .option('--one-deployment', 'answers of different targets are of one deployment')
    .option('--results <dir>', 'folder that each plan makes its own folder in', resultsPlace, 'results')
    .option('--json', 'plan.json on stdout instead of sentences')
    .addHelpText(
      'after',
      `
Says how many nodes a peak takes, from the answers of "pairstorm capacity" at one
or more numbers of nodes: the least number whose lower end, with as many nodes
down as may fail, leaves the headroom free at the peak. Between and beyond answers
(up to twice the most nodes measured) it uses the Universal Scalability Law, if
the answers fit it. With answers of two mixes it plans any mix between them, by a
bound that is never too high. What the answers do not cover is refused, with what
to run. docs/planning.md has an example, docs/methods.md the method.

Writes plan.json, plan.html and plan.md into a folder of its own. Exits with 0 and
a plan, 99 if no number of nodes is enough, 104 if the answers do not cover it.

Examples:
  pairstorm plan --capacity 3=results/2026-01-31T12-00-00Z-capacity --peak-hour 200000
  pairstorm plan --capacity 1=one 2=two 4=four --peak-hour 200000 --growth 20% --pairings 30%`,
    )
    .action((flags: PlanFlags) => {
      process.exitCode = plan(flags);
    });
}

function plan(flags: PlanFlags): number {
  const { capacity, peakHour, nodes, oneDeployment = false } = flags;
  if (capacity === undefined)
    throw new ConfigurationError('--capacity is missing; give the folder of a "pairstorm capacity", or several');
  if (peakHour === undefined)
    throw new ConfigurationError('--peak-hour is missing; give the sign-ins of the busiest hour, such as 200000');
  const { answers, ...known } = readAnswers(capacity, { nodes, oneDeployment });
  const made = planNodes(
    answers,
    {
      peakHour,
      peakToMean: flags.peakToMean ?? DEFAULTS.peakToMean,
      growth: flags.growth ?? DEFAULTS.growth,
      headroom: flags.headroom ?? DEFAULTS.headroom,
      nodesMayFail: flags.nodesMayFail ?? DEFAULTS.nodesMayFail,
      pairingShare: flags.pairings ?? null,
      connectionsPerUser: flags.connectionsPerUser ?? DEFAULTS.connectionsPerUser,
    },
    known.confidence,
  );
  const file: PlanFile = {
    ...{ plan: 'pairstorm-plan', version: PLAN_VERSION, pairstorm: VERSION, madeAt: new Date().toISOString() },
    exitCode: (made.nodes === null ? EXIT_CODES.thresholds_failed : EXIT_CODES.pass).code,
    ...{ sentences: planSentences(made), assumptions: planAssumptions(made), ...known, answers },
    ...made,
  };
  const folder = written(file, flags.results);
  print(flags.json ? `${visibleJson(JSON.stringify(file))}\n` : `${planText(file).map(indentedLine).join('\n')}\n`);
  process.stderr.write(`${indentedLine(`plan → ${folder}`)}\n`);
  return file.exitCode;
}

/** Writes the plan in each form, and gives its folder. Throws a ConfigurationError. */
function written(file: PlanFile, results: string): string {
  const folder = new ResultsFolder(results, 'plan', new Date());
  folder.prepare();
  folder.make();
  const forms: Readonly<Record<string, string>> = {
    'plan.json': `${visibleJson(JSON.stringify(file, undefined, 2))}\n`,
    'plan.html': planPage(file),
    'plan.md': planMarkdown(file),
  };
  for (const [name, text] of Object.entries(forms)) {
    try {
      replaceFile(join(folder.path, name), text);
    } catch (error) {
      throw new ConfigurationError(`cannot write ${join(folder.path, name)}: ${describeFileError(error)}`);
    }
  }
  return folder.path;
}

/** Parser for a percentage from 0 to `most`, as a share; a whole one needs no sign. */
function percentage(most: number): (text: string) => number {
  return (text) => {
    const [, number] = /^\s*(\d+(?:\.\d+)?)\s*%?\s*$/.exec(text) ?? [];
    if (number === undefined || Number(number) > most)
      throw new InvalidArgumentError(`Write a percentage from 0 to ${most}, such as 20%.`);
    refuseBareFraction(text);
    return Number(number) / 100;
  };
}

function signIns(text: string): number {
  const number = Number(text.replaceAll(/[,_](?=\d{3})/g, ''));
  if (!/^\d[\d,_]*(\.\d+)?$/.test(text) || !(number > 0))
    throw new InvalidArgumentError('Write the sign-ins of an hour, such as 200000.');
  return number;
}

function factor(text: string): number {
  const number = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || number < 1 || number > 100)
    throw new InvalidArgumentError('Write a factor from 1 (the hour is flat) to 100, such as 1.6.');
  return number;
}
