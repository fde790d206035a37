import { FLOW_KINDS } from '../protocol/flow-kinds.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';
import { DecodeError, listOf, oneOf, optional, real, shape, text, whole } from '../contract/decode.ts';
import type { FailureRecord, FailureStep, OffPath } from '../contract/failure-line.ts';
import { OUTCOMES } from '../catalogue/outcomes.ts';

/** Checks what is said of a failed flow. Throws a DecodeError that names the place. */
export const decodeFailure = shape<FailureRecord>({
  run: text,
  inventory: shape<FailureRecord['inventory']>({
    generator: text,
    seed: whole(0, 0xffff_ffff),
    population: text,
    users: whole(1),
  }),
  user: whole(0),
  kind: oneOf(...(Object.keys(FLOW_KINDS) as FlowKind[])),
  prescribed: oneOf(...OUTCOMES),
  outcome: oneOf(...OUTCOMES),
  reason: text,
  expects: optional(oneOf('nothing')),
  at: optional(text),
  offPath: optional(shape<OffPath>({ status: text, path: oneOf('unexpected', 'missing') })),
  steps: listOf(
    shape<FailureStep>({
      step: text,
      http: whole(0, 999),
      ms: real(0, Number.MAX_VALUE),
      status: optional(text),
      error: optional(text),
    }),
  ),
});

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
