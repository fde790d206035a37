import { doubtSentences, hysteresisSentence, shows } from '../../analysis/capacity/answer.ts';
import { junitXml } from '../junit-xml.ts';
import type { Case } from '../junit-xml.ts';
import type { AnswerFile } from './answer-file.ts';
import { number } from './text.ts';

/** The answer as JUnit XML, for a pipeline that asks for a rate: a case for the rate, and one for each thing that makes an answer doubtful. */
export function answerJunit(answer: AnswerFile): string {
  const { atLeast, low, verdict, hysteresis, sentences, startedAt } = answer;
  const changed = doubtSentences({ ...answer, hysteresis: null });
  const shown = atLeast === null ? low !== null : shows(answer, atLeast);
  const said = sentences[0]!;
  const caseOf = (name: string, bad: Case['result'] | undefined, message: string): Case => ({
    ...{ name, result: bad ?? 'passed', message },
    said: bad === undefined ? said : '',
  });
  const time = answer.seconds.toFixed(3);
  const cases = [
    caseOf(
      atLeast === null ? 'a rate meets the objective' : `at least ${number(atLeast)} sign-ins/s meet the objective`,
      shown ? undefined : verdict === 'generator' || verdict === 'stopped' ? 'error' : 'failure',
      said,
    ),
    caseOf(
      'the target recovers from an overload on its own',
      hysteresis === null ? undefined : 'failure',
      hysteresis === null ? '' : hysteresisSentence(hysteresis),
    ),
    caseOf(
      'the target was the same at the end as at the beginning',
      changed.length === 0 ? undefined : 'error',
      changed.join(' '),
    ),
  ];
  return junitXml('pairstorm capacity', time, [{ name: 'pairstorm.capacity', time, startedAt, properties: {}, cases }]);
}
