import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { DecodeError } from '../../contract/decode.ts';
import type { FailureRecord } from '../../contract/failure-line.ts';
import { decodeFailure } from '../../contract/read-failures.ts';

/** More than a run keeps; a bound for what a file from elsewhere may ask for. */
const MOST = 10_000;

/**
 * The failed flows that a record keeps; none where it has no such file. A last line that was cut off is left out. Throws a
 * ConfigurationError for a line that is no failed flow.
 */
export async function readFailedFlows(folder: string): Promise<readonly FailureRecord[]> {
  const file = join(folder, 'failures.jsonl');
  if (!existsSync(file)) return [];
  const flows: FailureRecord[] = [];
  let wrong: string | undefined;
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    number++;
    if (line.trim() === '') continue;
    if (wrong !== undefined) throw new ConfigurationError(wrong);
    const read = failureOn(line, `${file}: line ${number}`);
    if (typeof read === 'string') wrong = read;
    else if (flows.length < MOST) flows.push(read);
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
