import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DecodeError } from '../contract/decode.ts';
import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import type { FailureRecord } from '../contract/failure-line.ts';
import { finding } from '../catalogue/findings.ts';
import type { Finding } from '../catalogue/findings.ts';
import { decodeFailure } from './read-failures.ts';
import type { RunFile } from './run-file.ts';
import { lineChunks } from './line-chunks.ts';
import type { LineLimit } from './line-chunks.ts';

/** More than a run keeps; a bound for what a file from elsewhere may ask for. */
const MOST = 10_000;

const FAILURE_LINES: LineLimit = { longest: 1_000_000, expected: 'a failed flow on each line', damage: 'passed' };

/** The failed flows of a record, and how many of its lines are none. */
export interface ReadFailedFlows {
  readonly flows: readonly FailureRecord[];
  readonly damaged: number;
}

/**
 * The failed flows that a record keeps; none where it has no such file. A line that cannot be read is passed over and counted, but a
 * last one that was cut off as its run was killed. Throws a ConfigurationError for a file that is none of lines.
 */
export async function readFailedFlows(folder: string): Promise<ReadFailedFlows> {
  const file = join(folder, 'failures.jsonl');
  const flows: FailureRecord[] = [];
  let damaged = 0;
  if (!existsSync(file)) return { flows, damaged };
  for await (const { lines, open } of lineChunks(file, 'refuse', FAILURE_LINES)) {
    for (const line of lines) {
      if (line.trim() === '') continue;
      const read = failureOn(line);
      if (read === undefined) damaged += open ? 0 : 1;
      else if (flows.length < MOST) flows.push(read);
    }
  }
  return { flows, damaged };
}

/** What a record lacks of the failed flows that it kept: a remark, because all of them are counted elsewhere. */
export function failuresDamage({ end }: RunFile, { flows, damaged }: ReadFailedFlows): readonly Finding[] {
  const of = Math.min(end?.failures.kept ?? 0, MOST);
  const missing = Math.max(0, of - flows.length);
  if (missing === 0 && damaged === 0) return [];
  const data = {
    file: 'failures.jsonl',
    missing,
    ...(end === null ? {} : { of }),
    ...(damaged === 0 ? {} : { damaged }),
  };
  return [{ ...finding('record_damaged', { data }), exit: EXIT_CODES.pass.code }];
}

/** The failed flow on a line; undefined: it is none. */
function failureOn(line: string): FailureRecord | undefined {
  try {
    return decodeFailure(JSON.parse(line), '');
  } catch (error) {
    if (error instanceof DecodeError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
