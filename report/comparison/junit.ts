import type { Comparison } from '../../analysis/comparison/comparison.ts';
import { isJudged } from '../../analysis/comparison/history.ts';
import type { History } from '../../analysis/comparison/history.ts';
import { junitXml } from '../junit-xml.ts';
import type { Case } from '../junit-xml.ts';
import { answerInWords, figuresOf, stepInWords } from './figures.ts';
import { historyInWords, nameOfRun } from './history-words.ts';

/** A comparison for CI: a case for the sameness of the tests, and one for each metric. */
export function comparisonJunit(comparison: Comparison, pairstorm: string): string {
  const blocks = comparison.findings.filter(({ weight }) => weight === 'blocks').map(({ text }) => text);
  const refused = comparison.verdict === 'different_tests';
  const cases: readonly Case[] = [
    {
      name: 'the runs are the same test',
      result: refused ? 'error' : 'passed',
      message: blocks.join('; '),
      said: [answerInWords(comparison), ...comparison.findings.map(({ text }) => text)].join('\n'),
    },
    ...comparison.metrics.map((metric): Case => {
      const [base, later, change, interval] = figuresOf(metric);
      const said = `base ${base}, new ${later}, change ${change}, interval ${interval}`;
      const name = `${metric.name} is not worse`;
      if (metric.verdict === 'not_comparable')
        return { name, result: 'skipped', message: metric.reason ?? 'not comparable', said: '' };
      return { name, result: metric.verdict === 'worse' ? 'failure' : 'passed', message: said, said };
    }),
  ];
  return suite('compare', comparison.new[0]?.startedAt ?? '', pairstorm, cases);
}

/** A history for CI: a case for each metric, which fails if its latest step is to the worse. */
export function historyJunit(history: History, pairstorm: string): string {
  const { metrics, runs, verdict } = history;
  const cases: readonly Case[] = [
    {
      name: 'there are enough runs of one test',
      result: verdict === 'not_comparable' ? 'error' : 'passed',
      message: historyInWords(history),
      said: historyInWords(history),
    },
    ...metrics.map((metric): Case => {
      const { name, unit, steps } = metric;
      const said = steps.map((step) => `${step.way} from ${nameOfRun(runs[step.at]!)} on: ${stepInWords(step, unit)}`);
      const title = `${name} has not become worse`;
      if (verdict === 'not_comparable' || !isJudged(metric))
        return { name: title, result: 'skipped', message: 'not judged: too few runs with samples of it', said: '' };
      const result = steps.at(-1)?.way === 'worse' ? 'failure' : 'passed';
      return { name: title, result, message: said.at(-1) ?? 'no step', said: said.join('\n') };
    }),
  ];
  return suite('history', runs.at(-1)?.startedAt ?? '', pairstorm, cases);
}

function suite(name: string, startedAt: string, pairstorm: string, cases: readonly Case[]): string {
  return junitXml(`pairstorm ${name}`, '0', [
    { name: `pairstorm.${name}`, time: '0', startedAt, properties: { pairstorm }, cases },
  ]);
}
