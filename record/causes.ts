import type { FailureRecord, FailureStep } from '../contract/failure-line.ts';
import { object, schema } from './schema.ts';
import type { Read } from './schema.ts';

/**
 * Failed flows with the same cause. `''` means absent: an expected outcome, a state at the end, a step, an error code, a place
 * where the path of the kind was left (`unexpected STATE`, `missing STATE`). `step` is the one that went wrong, else the one that led
 * to a state that nobody drives, else the last one; `reason` that which the first of them gave; `line` the line of failures.jsonl that holds one, from 1 (0: none is kept).
 */
export const CAUSE = object({
  outcome: schema.text,
  expected: schema.text,
  at: schema.text,
  step: schema.text,
  error: schema.text,
  offPath: schema.text,
  reason: schema.text,
  flows: schema.whole(0),
  kinds: schema.recordOf(schema.whole(0)),
  line: schema.whole(0),
});

/** Why flows failed, grouped by cause. Data; report/model/causes.ts turns it into text. */
export type Cause = Read<typeof CAUSE>;

/** Maximum number of causes in a record. */
const CAUSES_KEPT = 20;

/** Causes that are distinguished; any further ones count as one. */
const MOST_TOLD_APART = 500;
const LONGEST_REASON = 200;

type Counted = { -readonly [Field in keyof Cause]: Cause[Field] } & { kinds: Record<string, number> };

/** Counts failed flows by cause, exactly, even when the record keeps only a sample of them. */
export class CauseCount {
  readonly #counts = new Map<string, Counted>();

  /** `line`: the failure's line in failures.jsonl, from 1; 0: it was not kept. */
  take(failure: FailureRecord, line: number): void {
    this.#add({ ...causeOf(failure), flows: 1, kinds: { [failure.kind]: 1 }, line });
  }

  /** Adds the counts of a part of the run. The part's line numbers do not apply to the merged failures.jsonl. */
  merge(causes: readonly Cause[]): void {
    for (const cause of causes) this.#add({ ...cause, kinds: { ...cause.kinds }, line: 0 });
  }

  /** Sets the line of an example for a cause that was counted elsewhere. */
  locate(failure: FailureRecord, line: number): void {
    const known = this.#counts.get(keyOf(causeOf(failure)));
    if (known?.line === 0) known.line = line;
  }

  /** Most frequent first. */
  list(most = CAUSES_KEPT): readonly Cause[] {
    return [...this.#counts.values()].sort((a, b) => b.flows - a.flows).slice(0, most);
  }

  #add(cause: Counted): void {
    const full = this.#counts.size >= MOST_TOLD_APART;
    const key = keyOf(cause);
    const known = this.#counts.get(key) ?? (full ? this.#counts.get('') : undefined);
    if (known === undefined) {
      if (full) this.#counts.set('', { ...cause, at: '', step: '', error: '', offPath: '', reason: 'other reasons' });
      else this.#counts.set(key, cause);
      return;
    }
    known.flows += cause.flows;
    for (const [kind, flows] of Object.entries(cause.kinds)) known.kinds[kind] = (known.kinds[kind] ?? 0) + flows;
    if (known.line === 0) known.line = cause.line;
  }
}

/** Identifies a cause. Numbers in the reason differ from flow to flow. */
function keyOf({
  outcome,
  expected,
  at,
  step,
  error,
  offPath,
  reason,
}: Omit<Cause, 'flows' | 'kinds' | 'line'>): string {
  return JSON.stringify([outcome, expected, at, step, error, offPath, reason.replace(/\d+/g, '#')]);
}

function causeOf({
  outcome,
  prescribed,
  expects,
  reason,
  steps,
  at,
  offPath,
}: FailureRecord): Omit<Cause, 'flows' | 'kinds' | 'line'> {
  // A client that gives up cancels: that is not a cause, unless nothing else was done.
  const led =
    outcome === 'not_driven' ? steps.findLast(({ status }) => status !== undefined && status === at) : undefined;
  const last = led ?? steps.findLast(({ step }) => step !== 'cancelAuthentication') ?? steps.at(-1);
  // What went wrong beside the flow (a pairing that the phone was refused) is noted as a step without an HTTP status.
  const wrong = steps.findLast(isNote) ?? (last?.error === undefined ? undefined : last);
  return {
    outcome,
    expected: expects === 'nothing' ? '' : prescribed,
    at: at ?? steps.findLast(({ status }) => status !== undefined)?.status ?? '',
    step: (wrong ?? last)?.step ?? '',
    error: wrong?.error ?? '',
    offPath: offPath === undefined ? '' : `${offPath.path} ${offPath.status}`,
    reason: reason.slice(0, LONGEST_REASON),
  };
}

function isNote({ http, ms, error }: FailureStep): boolean {
  return http === 0 && ms === 0 && error !== undefined;
}
