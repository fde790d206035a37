import { join } from 'node:path';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { DecodeError } from '../../contract/decode.ts';
import { TextFileError, readTextFile } from '../../record/text-file.ts';
import { decodeAnswer } from '../../report/capacity/answer-file.ts';
import type { AnswerFile } from '../../report/capacity/answer-file.ts';

/** Reads the answer.json of a search's folder. Throws a ConfigurationError. */
export function readAnswer(folder: string): AnswerFile {
  const file = join(folder, 'answer.json');
  try {
    return decodeAnswer(JSON.parse(readTextFile(file)), file);
  } catch (error) {
    if (error instanceof DecodeError) throw new ConfigurationError(error.message);
    if (error instanceof SyntaxError)
      throw new ConfigurationError(`${file} is not JSON; expected one that a search wrote`);
    if (!(error instanceof TextFileError)) throw error;
    throw new ConfigurationError(`${file}: ${error.message}; give the folder of a search`);
  }
}
