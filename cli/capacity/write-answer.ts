import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { visibleJson } from '../../contract/shown-text.ts';
import { describeFileError, replaceFile } from '../../record/text-file.ts';
import type { AnswerFile } from '../../report/capacity/answer-file.ts';

/** Forms of an answer by the name of their file. */
const FORMS: Readonly<Record<string, (answer: AnswerFile) => Promise<string | undefined>>> = {
  'answer.json': async (answer) => `${visibleJson(JSON.stringify(answer, undefined, 2))}\n`,
};

/** Writes an answer into the folder of its search; why that cannot be done, or undefined. A later attempt may do better. */
export async function writeAnswer(
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
