import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { finding } from '../catalogue/findings.ts';
import type { Finding } from '../catalogue/findings.ts';
import { OUTCOMES } from '../catalogue/outcomes.ts';
import { DecodeError } from '../contract/decode.ts';
import type { Decoder } from '../contract/decode.ts';
import type { FailureRecord, FailureStep, OffPath } from '../contract/failure-line.ts';
import { FLOW_KINDS } from '../protocol/flow-kinds.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';
import { lineChunks } from './line-chunks.ts';
import type { LineLimit } from './line-chunks.ts';
import { INVENTORY } from './run-file.ts';
import type { RunFile } from './run-file.ts';
import { named, object, says, schema, schemaDocument } from './schema.ts';
import type { FieldsOf } from './schema.ts';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const OUTCOME = named('outcome', schema.oneOf(...OUTCOMES));

const FAILURE = object({
  run: schema.text,
  inventory: INVENTORY,
  user: says('Number of the user in the inventory.', schema.whole(0)),
  kind: schema.oneOf(...(Object.keys(FLOW_KINDS) as FlowKind[])),
  prescribed: OUTCOME,
  outcome: OUTCOME,
  reason: says('One sentence.', schema.text),
  expects: says('Neither a kind nor an outcome was expected of this user.', schema.optional(schema.oneOf('nothing'))),
  at: says('Last state seen.', schema.optional(schema.text)),
  offPath: says(
    'Where the flow left the path of its kind: at a state that came up, or at one that never did.',
    schema.optional(
      object({ status: schema.text, path: schema.oneOf('unexpected', 'missing') } satisfies FieldsOf<OffPath>),
    ),
  ),
  steps: schema.listOf(
    object({
      step: schema.text,
      http: says('HTTP status; 0 without an answer.', schema.whole(0, 999)),
      ms: says('Duration in milliseconds.', schema.real(0)),
      status: says('Flow status of the answer.', schema.optional(schema.text)),
      error: says("Error code and detail code, or the host's error.", schema.optional(schema.text)),
    } satisfies FieldsOf<FailureStep>),
  ),
} satisfies FieldsOf<FailureRecord>);

/** A line of failures.jsonl in JSON Schema. */
export const FAILURE_SCHEMA = schemaDocument(
  'failure-line:1',
  'A line of failures.jsonl of a Pairstorm run record, version 1',
  says('A failed flow, step by step, without names, secrets, tokens, codes or payloads.', FAILURE),
);

/** Throws a DecodeError that names the invalid field. */
export const decodeFailure: Decoder<FailureRecord> = FAILURE.decode;

/**
 * The failed flow on a line (from 1) of failures.jsonl. The file may come from anywhere, so it is validated. `source`
 * names it in messages. Throws a DecodeError that names the line.
 */
export function failureOnLine(jsonl: string, line: number, source: string): FailureRecord {
  const lines = jsonl.split('\n').filter((json) => json.trim() !== '');
  const json = lines[line - 1];
  if (json === undefined) {
    const holds = lines.length === 1 ? 'one failed flow' : `${lines.length} failed flows`;
    throw new DecodeError(`${source} holds ${holds}; there is no number ${line}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new DecodeError(`${source}: line ${line} is not JSON; expected a failed flow, as written by a run`);
  }
  return decodeFailure(value, `${source}: line ${line}`);
}

/** More than a run keeps; bounds what a foreign file can make us read. */
const MOST = 10_000;

const FAILURE_LINES: LineLimit = { longest: 1_000_000, expected: 'a failed flow on each line', damage: 'passed' };

/** The failed flows of a record, and the number of invalid lines. */
interface ReadFailedFlows {
  readonly flows: readonly FailureRecord[];
  readonly damaged: number;
}

/**
 * The failed flows that a record keeps; none without the file. Invalid lines are skipped and counted, except a last one
 * that was truncated because the run was killed. Throws a ConfigurationError if the file does not consist of lines.
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

/** What is missing of the kept failed flows. Only a remark, because the totals are counted elsewhere. */
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

/** The failed flow on a line; undefined if invalid. */
function failureOn(line: string): FailureRecord | undefined {
  try {
    return decodeFailure(JSON.parse(line), '');
  } catch (error) {
    if (error instanceof DecodeError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
