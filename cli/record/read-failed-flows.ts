import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { DecodeError } from '../../contract/decode.ts';
import type { FailureRecord } from '../../contract/failure-line.ts';
import { decodeFailure } from '../../contract/read-failures.ts';
import { lineChunks } from '../import/line-chunks.ts';
import type { LineLimit } from '../import/line-chunks.ts';

/** More than a run keeps; a bound for what a file from elsewhere may ask for. */
const MOST = 10_000;

const FAILURE_LINES: LineLimit = { longest: 1_000_000, expected: 'a failed flow on each line' };

/**
 * The failed flows that a record keeps; none where it has no such file. A last line without a line break was cut off, and is left out if
 * it cannot be read. Throws a
 * ConfigurationError for a line that is no failed flow.
 */
export async function readFailedFlows(folder: string): Promise<readonly FailureRecord[]> {
  const file = join(folder, 'failures.jsonl');
  if (!existsSync(file)) return [];
  const flows: FailureRecord[] = [];
  for await (const { lines, first, open } of lineChunks(file, 'refuse', FAILURE_LINES)) {
    for (const [at, line] of lines.entries()) {
      if (line.trim() === '') continue;
      const read = failureOn(line, `${file}: line ${first + at}`);
      if (typeof read !== 'string') {
        if (flows.length < MOST) flows.push(read);
      } else if (!open) throw new ConfigurationError(read);
    }
  }
  return flows;
}

/** The failed flow on a line, or what is wrong with it. */
function failureOn(line: string, place: string): FailureRecord | string {
  try {
    return decodeFailure(JSON.parse(line), place);
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    return `${place} is not JSON; expected a failed flow, as a run writes them`;
  }
}
