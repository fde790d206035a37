import { FAULT_MEASURES } from '../../catalogue/fault-measures.ts';
import { named, object, says, schema } from '../../record/schema.ts';
import type { FieldsOf, Schema } from '../../record/schema.ts';
import type { Checked } from './hypothesis.ts';
import type { FaultVerdict, Sickness } from './judge-fault.ts';
import type { FaultJudged, Resilience, Unjudged } from './resilience.ts';
import type { Back } from './return.ts';
import type { IntervalEstimate } from './steady.ts';

const { flag, listOf, nullable, number, oneOf, recordOf, text } = schema;

const SIGNALS = ['errors', 'off', 'p95'] as const;
const OUTCOMES = ['passed', 'failed', 'not_known', 'error'] as const;

const ESTIMATE = named(
  'interval',
  object({ value: number, low: number, high: number } satisfies FieldsOf<IntervalEstimate>),
);

const TIME = {
  seconds: says('null: not within the observed time', nullable(number)),
  low: says('95 % interval', nullable(number)),
  high: says('null: beyond the observed time', nullable(number)),
  looked: says('the observed time', number),
} satisfies FieldsOf<Back>;

const BACK = named('back', object(TIME));

/** One value for each signal. */
const bySignal = <T>(of: Schema<T>): Schema<Readonly<Record<(typeof SIGNALS)[number], T>>> =>
  object({ errors: of, off: of, p95: of });

const EFFECTS = object({
  name: text,
  sickBefore: says(
    'why the target was unhealthy before, so that nothing can be learned',
    listOf(object({ signal: oneOf(...SIGNALS), value: number, most: number } satisfies FieldsOf<Sickness>)),
  ),
  impact: says(
    'seconds from the begin until users felt it; null: never',
    nullable(object({ ...TIME, signal: oneOf(...SIGNALS) })),
  ),
  recovery: says('seconds from the end until the slowest signal was back', BACK),
  recoveries: bySignal(BACK),
  detection: says(
    'seconds until it was noticed; computed: by the SRE workbook’s 14.4× rule, not by a detector',
    nullable(object({ low: number, high: number, computed: flag })),
  ),
  lost: says(
    'flows without the expected outcome beyond the usual number; flows: all that ended meanwhile',
    object({ value: number, low: number, high: number, flows: number }),
  ),
  stuck: says('flows still open at the end of the recovery beyond the usual number', ESTIMATE),
  amplification: says('requests per flow during the fault relative to before', nullable(ESTIMATE)),
  worstAmplification: says('requests per second in the worst 5 s relative to before', nullable(number)),
  amplificationAfter: says('the same after the recovery', nullable(ESTIMATE)),
  byProfile: says('amplification by client profile, without storms', recordOf(ESTIMATE)),
  storms: says('requests of clients that asked again without a pause', number),
  budget: says(
    'burnRate: error ratio over 1 − objective; used: share of a month’s error budget; null: --per-month is not set',
    object({ burnRate: number, used: nullable(number) }),
  ),
  after: says(
    'steady part after relative to before: p95 relative, shares in points; null: there is none',
    nullable(bySignal(ESTIMATE)),
  ),
  offDuring: says('share of flows without the expected outcome during the fault', nullable(ESTIMATE)),
  rate: says('flow starts per second before the fault', number),
} satisfies FieldsOf<FaultVerdict>);

const CASE = object({
  fault: text,
  measure: oneOf(...FAULT_MEASURES),
  limit: says('seconds, a share, a factor, or flows', number),
  outcome: oneOf(...OUTCOMES),
  value: nullable(number),
  low: nullable(number),
  high: says('null: beyond what was measured, or nothing was', nullable(number)),
  rateNeeded: says('the RATE that would settle it; null: it is known, or none would', nullable(number)),
} satisfies FieldsOf<Checked>);

/** JSON form of the verdict on the faults of a run. */
export const RESILIENCE_VERDICT = named(
  'resilience',
  object({
    verdict: says('the worst of all cases: failed, error, not_known, passed', oneOf(...OUTCOMES)),
    faults: listOf(
      object({
        name: text,
        beginMs: says(
          'when it was confirmed to have started, since the start of the run; null: it was not',
          nullable(number),
        ),
        endMs: nullable(number),
        effects: says('null: not judged', nullable(EFFECTS as Schema<FaultVerdict>)),
        unjudged: says(
          'why it is not judged',
          nullable(
            object({
              code: oneOf('not_started', 'not_ended', 'short_steady', 'short_recovery', 'no_flows', 'coarse'),
              seconds: number,
            } satisfies FieldsOf<Unjudged>),
          ),
        ),
        cases: listOf(CASE as Schema<Checked>),
      } satisfies FieldsOf<FaultJudged>),
    ),
  } satisfies FieldsOf<Resilience>),
);
