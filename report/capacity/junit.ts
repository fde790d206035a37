import { xmlAttribute, xmlText } from '../xml-text.ts';
import type { AnswerFile } from './answer-file.ts';
import { number } from './text.ts';

/** A case of `--at-least`, and one for each thing that makes an answer doubtful. */
interface Case {
  readonly name: string;
  readonly bad: 'failure' | 'error' | undefined;
  readonly message: string;
}

/** The answer as JUnit XML, for a pipeline that asks for a rate. */
export function answerJunit(answer: AnswerFile): string {
  const { atLeast, low, verdict, hysteresis, targetChanged, sentences } = answer;
  const shown = atLeast === null ? low !== null : low !== null && low >= atLeast;
  const said = sentences[0]!;
  const sentence = (beginning: string): string => sentences.find((one) => one.startsWith(beginning)) ?? said;
  const cases: readonly Case[] = [
    {
      name:
        atLeast === null ? 'a rate meets the objective' : `at least ${number(atLeast)} sign-ins/s meet the objective`,
      bad: shown ? undefined : verdict === 'generator' || verdict === 'stopped' ? 'error' : 'failure',
      message: said,
    },
    {
      name: 'the target recovers from an overload on its own',
      bad: hysteresis === null ? undefined : 'failure',
      message: sentence('After an overload'),
    },
    {
      name: 'the target was the same at the end as at the beginning',
      bad: targetChanged === null ? undefined : 'error',
      message: sentence('The target changed'),
    },
  ];
  const count = (of: Case['bad']): number => cases.filter(({ bad }) => bad === of).length;
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}"`;
  const suite = 'pairstorm.capacity';
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="pairstorm capacity" ${counts} time="${answer.seconds.toFixed(3)}">`,
    `  <testsuite name="${suite}" ${counts} skipped="0" time="${answer.seconds.toFixed(3)}" timestamp=${xmlAttribute(answer.startedAt.slice(0, 19))}>`,
    ...cases.flatMap(({ name, bad, message }) => [
      `    <testcase name=${xmlAttribute(name)} classname="${suite}" time="0">`,
      ...(bad === undefined
        ? []
        : [
            `      <${bad} type="${bad === 'failure' ? 'target' : 'run'}" message=${xmlAttribute(message)}>${xmlText(message)}</${bad}>`,
          ]),
      ...(bad === undefined ? [`      <system-out>${xmlText(said)}</system-out>`] : []),
      '    </testcase>',
    ]),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
