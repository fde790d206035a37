import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { visibleJson } from '../../contract/shown-text.ts';
import { describeFileError, replaceFile } from '../../record/text-file.ts';
import type { AnswerFile } from '../../report/capacity/answer-file.ts';

/** Forms of an answer by the name of their file. */
const FORMS: Readonly<Record<string, (answer: AnswerFile) => Promise<string | undefined>>> = {
  'answer.json': async (answer) => `${visibleJson(JSON.stringify(answer, undefined, 2))}\n`,
  'answer.html': async (answer) => (await import('../../report/capacity/page.ts')).answerPage(answer),
  'answer.md': async (answer) => (await import('../../report/capacity/markdown.ts')).answerMarkdown(answer),
  'answer.csv': async (answer) => (await import('../../report/capacity/csv.ts')).answerCsv(answer),
  'junit.xml': async (answer) =>
    answer.atLeast === null ? undefined : (await import('../../report/capacity/junit.ts')).answerJunit(answer),
};

/** Writes an answer into the folder of its search; why that cannot be done, or undefined. A later attempt may do better. */
export async function writeAnswerFiles(
  folder: string,
  answer: AnswerFile,
  forms: 'json' | 'all',
): Promise<string | undefined> {
  let problem: string | undefined;
  for (const [file, form] of Object.entries(FORMS)) {
    if (forms === 'json' && file !== 'answer.json') continue;
    try {
      const text = await form(answer);
      if (text === undefined) continue;
      if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
      replaceFile(join(folder, file), text);
    } catch (error) {
      problem = describeFileError(error);
    }
  }
  return problem;
}
