import { FLOW_KINDS } from '../protocol/flow-kinds.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';
import { DecodeError } from '../contract/decode.ts';
import type { Decoder } from '../contract/decode.ts';
import type { FailureRecord, FailureStep, OffPath } from '../contract/failure-line.ts';
import { OUTCOMES } from '../catalogue/outcomes.ts';
import { INVENTORY } from './run-file.ts';
import { listOf, named, object, oneOf, optional, real, says, schemaDocument, text, whole } from './schema.ts';
import type { FieldsOf } from './schema.ts';

const OUTCOME = named('outcome', oneOf(...OUTCOMES));

const FAILURE = object({
  run: text,
  inventory: INVENTORY,
  user: says('Number of the user in the inventory.', whole(0)),
  kind: oneOf(...(Object.keys(FLOW_KINDS) as FlowKind[])),
  prescribed: OUTCOME,
  outcome: OUTCOME,
  reason: says('One sentence.', text),
  expects: says('Neither kind nor outcome were expected of this user.', optional(oneOf('nothing'))),
  at: says('Last state that was seen.', optional(text)),
  offPath: says(
    'Where the flow left the path of its kind: at a state that came, or at one that never did.',
    optional(object({ status: text, path: oneOf('unexpected', 'missing') } satisfies FieldsOf<OffPath>)),
  ),
  steps: listOf(
    object({
      step: text,
      http: says('HTTP status; 0 without an answer.', whole(0, 999)),
      ms: says('Duration in milliseconds.', real(0)),
      status: says('Flow status of the answer.', optional(text)),
      error: says("Error code and detail code, or the host's error.", optional(text)),
    } satisfies FieldsOf<FailureStep>),
  ),
} satisfies FieldsOf<FailureRecord>);

/** A line of failures.jsonl in JSON Schema. */
export const FAILURE_SCHEMA = schemaDocument(
  'failure-line:1',
  'A line of failures.jsonl of a Pairstorm run record, version 1',
  says('A failed flow, step by step, without names, secrets, tokens, codes or payloads.', FAILURE),
);

/** Checks what is said of a failed flow. Throws a DecodeError that names the place. */
export const decodeFailure: Decoder<FailureRecord> = FAILURE.decode;

/**
 * The failed flow on a line of a failures.jsonl, from 1. The file may come from anywhere: what it holds is checked, never
 * believed. `source` names it in messages. Throws a DecodeError that names the line.
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
    throw new DecodeError(`${source}: line ${line} is not JSON; expected a failed flow, as a run writes them`);
  }
  return decodeFailure(value, `${source}: line ${line}`);
}
