import { DRIFT_VERDICT } from '../analysis/drift/drift-schema.ts';
import { RESILIENCE_VERDICT } from '../analysis/recovery/resilience-schema.ts';
import { VERDICTS } from '../catalogue/verdict.ts';
import type { Finding } from '../catalogue/findings.ts';
import { METRIC_TYPES } from '../catalogue/metrics.ts';
import type { LevelEnding } from '../contract/held-rate.ts';
import { FINDING, ITERATIONS, MACHINE, OWN_DELAY } from '../record/run-file.ts';
import { named, object, says, schema } from '../record/schema.ts';
import type { FieldsOf, JsonSchema, Read, Schema } from '../record/schema.ts';
import type { Invariant } from './invariants.ts';
import { RUN_KINDS } from './model/answer-model.ts';
import type { AnswerView, Highlight, StairLevel, Staircase } from './model/answer-model.ts';
import type { ErrorRow, FailureGroup } from './model/failure-model.ts';
import type { GeneratorRow } from './model/generator-model.ts';
import type { MetricRow } from './model/metric-rows.ts';
import type { TrendSummary } from './model/trend-summary.ts';
import type { Unit } from './quantity.ts';
import type * as model from './model/report-model.ts';

/** Version of the object: raised when a field changes its meaning or is removed, not when one is added. */
export const JSON_REPORT_VERSION = 1;

const { flag, listOf, nullable, number, oneOf, recordOf, text, whole } = schema;

/** Two values of the same type. */
const pairOf = <T>({ json, decode }: Schema<T>): Schema<readonly [T, T]> => ({
  json: { ...listOf({ json, decode }).json, minItems: 2, maxItems: 2 },
  decode: listOf({ json, decode }).decode as unknown as Schema<readonly [T, T]>['decode'],
});

const UNIT = named(
  'unit',
  oneOf('ms', 'time', 'bytes', 'share', 'count', 'perSecond', 'cores', 'plain') satisfies Schema<Unit>,
);

const TREND = named(
  'trend',
  object({
    ...{ count: number, min: number, p50: number, p95: number, p99: number, max: number },
  } satisfies FieldsOf<TrendSummary>),
);

const OUTCOMES = named(
  'outcomes',
  listOf(object({ outcome: text, meaning: text, problem: flag, count: number } satisfies FieldsOf<model.OutcomeCount>)),
);

const STEPS = named(
  'steps',
  listOf(
    object({
      ...{ name: text, requests: whole(0), failed: whole(0) },
      duration: says('of answered requests', TREND),
    } satisfies FieldsOf<model.StepRow>),
  ),
);

const PAIRING = named(
  'pairing',
  object({ platform: text, judged: number, errors: number, duration: TREND } satisfies FieldsOf<model.PairingRow>),
);

const PART = {
  ...{ name: text, fromMs: number, toMs: number, activeMs: number, flows: number, requestsPerSecond: number },
  ...{ requests: number, failed: number, duration: TREND, judged: number, notAsPrescribed: number },
} satisfies FieldsOf<model.PhaseRow>;

const ENDINGS = ['held', 'broke', 'not finished'] as const satisfies readonly LevelEnding[];

const LEVEL = named(
  'stair',
  object({
    name: says('value of the tag level', text),
    rate: says('flow starts per second', number),
    ...{ fromMs: number, toMs: number, ending: oneOf(...ENDINGS), p95Ms: nullable(number) },
  } satisfies FieldsOf<StairLevel>),
);

const STAIRCASE = object({
  levels: listOf(LEVEL),
  held: says('the highest that held; null: none did', nullable(LEVEL)),
  broke: says('the first that did not; null: all held', nullable(LEVEL)),
  pairedShare: says('share of flows that paired a device, of the levels that held', nullable(number)),
} satisfies FieldsOf<Staircase>);

const VERDICT = object({
  verdict: oneOf(...VERDICTS, 'killed'),
  word: text,
  sentence: text,
  exitCode: says('null: the run was killed', nullable(whole(0))),
  remedy: says('what to do; empty: see the causes', text),
  causes: says(
    'why it did not pass, the causes with the most flows first: at most five, and how many flows failed otherwise',
    listOf(
      object({
        ...{ of: oneOf('flows', 'requests', 'threshold'), text, remedy: text, command: text },
      } satisfies FieldsOf<model.CauseView>),
    ),
  ),
  doubts: says('why the verdict is not worth its word: figures that say nothing, or do not add up', listOf(text)),
  judged: says('false: there was no threshold, or none had a sample, so a pass says nothing', flag),
  remarks: says('other findings', listOf(text)),
} satisfies FieldsOf<model.VerdictView>);

const RUN = object({
  ...{ testid: text, script: text, host: oneOf('engine', 'k6'), pairstorm: text, target: nullable(text) },
  ...{ simulated: flag, seed: nullable(number), inventory: nullable(text), startedAt: text, endedAt: nullable(text) },
  ...{ durationMs: number, intervalMs: number },
  scenarios: listOf(
    object({
      ...{ name: text, executor: text, startMs: number, durationMs: nullable(number) },
      peakRate: says('highest planned rate per second; null: no arrival rate', nullable(number)),
      maxVus: number,
    } satisfies FieldsOf<model.ScenarioRow>),
  ),
  machines: listOf(MACHINE),
  settings: listOf(pairOf(text)),
  iterations: nullable(ITERATIONS),
} satisfies FieldsOf<model.RunFacts>);

const FLOWS = object({
  ...{ started: number, ended: number, interrupted: number, unanswered: number },
  conserved: says('whether no flow was lost; null: not judged', nullable(flag)),
  interruptedIterations: nullable(number),
  simulatorStarts: nullable(number),
  ...{ judged: number, notAsPrescribed: number },
  kinds: listOf(
    object({
      ...{ kind: text as Schema<model.FlowKindRow['kind']>, title: text, started: number, ended: number },
      ...{ interrupted: number, judged: number, notAsPrescribed: number, outcomes: OUTCOMES },
    } satisfies FieldsOf<model.FlowKindRow>),
  ),
  outcomes: OUTCOMES,
} satisfies FieldsOf<model.FlowsView>);

const METRIC = object({
  ...{ metric: text, type: oneOf(...METRIC_TYPES), unit: UNIT, tags: recordOf(text), samples: whole(0) },
  value: says('counter: sum; rate: share; gauge: last', nullable(number)),
  trend: nullable(TREND),
  range: says('of a gauge: min, max', nullable(pairOf(number))),
} satisfies FieldsOf<MetricRow>);

const REPORT = object({
  report: oneOf('pairstorm-report'),
  version: oneOf(JSON_REPORT_VERSION),
  verdict: VERDICT,
  findings: says(
    'the findings, as data, the deciding ones first (docs/errors.md); exit: the exit code asked for, 0: a remark',
    listOf(FINDING as Schema<Finding>),
  ),
  run: RUN,
  answer: object({
    kind: says('which question was asked; flows, script: a script of one’s own', oneOf(...RUN_KINDS)),
    sentence: says('the answer, as the page, the comment and the terminal say it first', text),
  } satisfies FieldsOf<AnswerView>),
  highlights: says(
    'the figures of the answer',
    listOf(
      object({
        name: says('stays the same when the label changes', text),
        ...{ label: text, value: nullable(number), unit: UNIT, detail: text, attention: flag },
      } satisfies FieldsOf<Highlight>),
    ),
  ),
  staircase: says('levels of a search for capacity in steps; null: the run is none', nullable(STAIRCASE)),
  thresholds: says(
    'failed first, then by margin',
    listOf(
      object({
        ...{ metric: text, expression: text, ok: flag, value: nullable(number), limit: nullable(number), unit: UNIT },
        margin: says('share of the limit; negative: beyond it', nullable(number)),
      } satisfies FieldsOf<model.ThresholdRow>),
    ),
  ),
  invariants: listOf(
    object({
      ...{ name: text, state: oneOf('holds', 'broken', 'unknown'), says: text },
    } satisfies FieldsOf<Omit<Invariant, 'code'>>),
  ),
  flows: says('null: the script plays no flows', nullable(FLOWS)),
  pairing: nullable(object({ total: PAIRING, platforms: listOf(PAIRING), outcomes: OUTCOMES, steps: STEPS })),
  polling: nullable(
    object({
      ...{ polls: number, judged: number, errors: number, latePolls: number },
      ...{ duration: TREND, decisionLag: TREND, pollsPerFlow: TREND, steps: STEPS },
    }),
  ),
  steps: STEPS,
  requests: STEPS,
  throughput: says(
    'counts of the whole run',
    nullable(
      object({
        unit: oneOf('flows', 'iterations'),
        planned: nullable(number),
        started: says('null: the host did not count iterations', nullable(number)),
        ...{ ended: number, dropped: number },
      } satisfies FieldsOf<Pick<model.Throughput, 'unit'> & model.Throughput['totals']>),
    ),
  ),
  drift: says('the verdict on drift of a soak, as in drift.json; null: it is not judged', nullable(DRIFT_VERDICT)),
  resilience: says(
    'the verdict on the effects of faults, as in resilience.json; null: they are not judged',
    nullable(RESILIENCE_VERDICT),
  ),
  generator: object({
    ownDelay: nullable(OWN_DELAY),
    judged: listOf(
      object({
        ...{ what: text, p99Ms: number, maxMs: number, limitMs: number, ok: flag },
      } satisfies FieldsOf<GeneratorRow>),
    ),
    stepLateness: TREND,
  }),
  failures: object({
    ...{ seen: number, kept: number },
    groups: listOf(
      object({
        ...{ kind: text, prescribed: text, outcome: text, reason: text, count: number },
      } satisfies FieldsOf<FailureGroup>),
    ),
  }),
  phases: listOf(object(PART)),
  levels: listOf(
    object({
      ...PART,
      rate: says('flow starts per second; null: the record does not say', nullable(number)),
      ending: says('null: no threshold judges it', nullable(oneOf(...ENDINGS))),
    } satisfies FieldsOf<model.LevelRow>),
  ),
  faults: listOf(
    object({
      ...{ fault: text, begun: number, named: number, cut: number, resent: number, served: number },
      ...{ requests: number, failed: number, duration: TREND },
    } satisfies FieldsOf<model.FaultRow>),
  ),
  errors: listOf(
    object({
      ...{ name: text, peer: text, status: text, code: text, meaning: text, count: number },
      ...{ side: text as Schema<ErrorRow['side']>, expected: flag },
    } satisfies FieldsOf<ErrorRow>),
  ),
  checks: listOf(object({ name: text, passes: number, fails: number } satisfies FieldsOf<model.CheckRow>)),
  metrics: says('each metric as a whole (no tags), and split by tags', listOf(METRIC)),
  notes: listOf(text),
  relativeError: says('of percentiles; counts, sums, min and max are exact', number),
});

/** Type of `--format json`. */
export type JsonReport = Read<typeof REPORT>;

/** The JSON Schema. Unlike a record's, its objects are open: later versions may add fields. */
export const REPORT_SCHEMA: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'pairstorm report --format json',
  description:
    'Durations are in milliseconds, shares from 0 to 1; null: not measured or unknown. Later versions of Pairstorm may add fields; a field that changes its meaning or is removed raises `version`.',
  ...(opened({ ...REPORT.json, $defs: REPORT.defs }) as JsonSchema),
};

function opened(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(opened);
  if (typeof json !== 'object' || json === null) return json;
  const open = Object.entries(json).filter(([name, value]) => !(name === 'additionalProperties' && value === false));
  return Object.fromEntries(open.map(([name, value]) => [name, opened(value)]));
}
