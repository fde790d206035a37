import type {
  KnownCapacity,
  MeasuredAnswer,
  Plan,
  PlanQuestion,
  PlanRow,
  PlannedScaling,
} from '../../analysis/planning/plan.ts';
import type { Interval, ScalingDoubt } from '../../analysis/planning/scaling.ts';
import { named, object, says, schema, schemaDocument } from '../../record/schema.ts';
import type { FieldsOf, Read } from '../../record/schema.ts';

/** plan.json: how many nodes, and what that rests on. */
export const PLAN_VERSION = 1;

const { flag, listOf, nullable, number, oneOf, text, whole } = schema;
const rate = says('Flow starts per second.', number);
const share = says('A share: 0.2 is 20 %.', number);

const INTERVAL = named('interval', object({ value: number, low: number, high: number } satisfies FieldsOf<Interval>));

const QUESTION = object({
  peakHour: says('Sign-ins in the busiest hour.', number),
  peakToMean: says('Its busiest minutes, relative to its mean.', number),
  ...{ growth: share, headroom: share, nodesMayFail: whole(0) },
  pairingShare: says('Share of the sign-ins that pair a device; null: as measured.', nullable(number)),
  connectionsPerUser: number,
} satisfies FieldsOf<PlanQuestion>);

const CAPACITY = named(
  'capacity',
  object({
    rate: says('Null: only the lower end is known.', nullable(number)),
    ...{ low: rate, high: nullable(number), source: oneOf('measured', 'fitted', 'extrapolated') },
  } satisfies FieldsOf<KnownCapacity>),
);

const ROW = named(
  'row',
  object({
    nodes: whole(1),
    capacity: says('What they take; null: not known.', nullable(CAPACITY)),
    headroom: says('Part of the lower end that is free at the peak; below 0: too little.', nullable(number)),
    headroomAfterFailure: says('The same with as many nodes less as may fail.', nullable(number)),
    enough: says(
      'Whether the headroom asked for is left, with and without a failure; null: not known.',
      nullable(flag),
    ),
  } satisfies FieldsOf<PlanRow>),
);

const SCALING = named(
  'scaling',
  object({
    pairingShare: share,
    form: says('line: perfect scaling; contention: with α; full: with α and β.', oneOf('line', 'contention', 'full')),
    perNode: says('γ, flow starts per second.', INTERVAL),
    contention: says('α; null: not fitted.', nullable(INTERVAL)),
    coherency: says('β; null: not fitted.', nullable(INTERVAL)),
    peakNodes: says('Beyond these, more nodes take less; null: nothing shows that.', nullable(number)),
    doubts: says(
      'Why it is not used; empty: it is.',
      listOf(
        object({ code: oneOf('residual', 'superlinear'), nodes: nullable(number) } satisfies FieldsOf<ScalingDoubt>),
      ),
    ),
    ...{ fewestNodes: whole(1), mostNodes: whole(1) },
  } satisfies FieldsOf<PlannedScaling>),
);

const ANSWER = named(
  'answer',
  object({
    ...{ folder: text, nodes: whole(1), pairingShare: share, flows: says('Flows that this share is of.', whole(0)) },
    ...{ rate: nullable(rate), low: rate, high: nullable(rate) },
    flowSeconds: says('Mean time of a flow; null: unknown.', nullable(number)),
  } satisfies FieldsOf<MeasuredAnswer>),
);

const PLAN_FIELDS = {
  question: QUESTION,
  peakPerSecond: says('Flow starts per second that are planned for.', number),
  nodes: says('The least number that is enough; null: none is, more nodes take less.', nullable(whole(1))),
  rows: listOf(ROW),
  pairingShare: says('Share of the sign-ins that pair a device.', number),
  parts: says('The measured mixes that the planned one is made of.', listOf(object({ pairingShare: share, share }))),
  people: says('People who are signing in at the peak; null: unknown.', nullable(number)),
  sockets: says('Their connections.', nullable(number)),
  scaling: listOf(SCALING),
  fewerUnknown: flag,
} satisfies FieldsOf<Plan>;

const PLAN = object({
  plan: says('Identifies the file format.', oneOf('pairstorm-plan')),
  version: oneOf(PLAN_VERSION),
  ...{ pairstorm: text, madeAt: text, exitCode: whole(0, 255) },
  sentences: says('The plan in words, the one that answers first.', listOf(text)),
  assumptions: says('What it takes for granted, and how it knows.', listOf(text)),
  doubts: says('What the answers themselves are doubtful for.', listOf(text)),
  ...{ simulated: flag, confidence: number, objective: listOf(text), answers: listOf(ANSWER) },
  ...PLAN_FIELDS,
});

/** plan.json. */
export type PlanFile = Read<typeof PLAN>;

/** plan.json in JSON Schema. */
export const PLAN_SCHEMA = schemaDocument(
  `capacity-plan:${PLAN_VERSION}`,
  `plan.json of pairstorm plan, version ${PLAN_VERSION}`,
  PLAN,
);
