import type { CapacityAnswer, CapacityVerdict } from '../../analysis/capacity/answer.ts';
import type { EquivalentWorkers, NoWorkers } from '../../analysis/capacity/equivalent-workers.ts';
import type { LevelFigures, ServiceFigures } from '../../analysis/capacity/level-counts.ts';
import type { LevelQuantile } from '../../analysis/capacity/level-watch.ts';
import type { LevelVerdict, TermEstimate, Unstable } from '../../analysis/capacity/level.ts';
import type { Models } from '../../analysis/capacity/models.ts';
import type { Term } from '../../analysis/capacity/objective.ts';
import type { PlayedLevel, Purpose } from '../../analysis/capacity/search-level.ts';
import type { TargetCpu } from '../../analysis/capacity/target-cpu.ts';
import type { CpuLaw } from '../../analysis/capacity/utilisation.ts';
import type { Interval } from '../../analysis/planning/scaling.ts';
import { INVENTORY } from '../../record/run-file.ts';
import { named, object, says, schema, schemaDocument } from '../../record/schema.ts';
import type { FieldsOf, Read } from '../../record/schema.ts';

/** answer.json of a search for capacity: the answer, how it came about, and what a search that is resumed goes on from. */
export const ANSWER_VERSION = 1;

const { flag, listOf, nullable, number, oneOf, optional, text, whole } = schema;
const rate = says('Flow starts per second.', number);

const VERDICTS = [
  ...['found', 'at-least', 'not-even', 'budget', 'generator', 'one-address', 'stopped'],
] as const satisfies readonly CapacityVerdict[];

const TERM = named(
  'term',
  object({
    ...{ name: text, text, selector: text, shownLimit: text },
    limit: says('A sample of this or more is bad; null: of a rate, what is not 0.', nullable(number)),
    allowed: says('Share that may be bad.', number),
  } satisfies FieldsOf<Term>),
);

const ESTIMATE = named(
  'estimate',
  object({
    ...{ bad: number, all: number },
    share: says('Share that counts; null: no sample.', nullable(number)),
    atLeast: says('The share is a lower bound: the level was not stable.', flag),
    clustering: says('How many samples say as much as an independent one.', number),
    effective: says('Independent samples that the level is worth to the search.', number),
    ...{ low: number, high: number },
  } satisfies FieldsOf<TermEstimate>),
);

const SERVICE = object({
  ...{ perSecond: number, meanMs: number, sdMs: number },
  connectMs: says('Median time to open a connection; null: none was opened.', nullable(number)),
} satisfies FieldsOf<ServiceFigures>);

const CPU = object({
  cores: says('In use, all nodes together.', number),
  nodes: whole(1),
} satisfies FieldsOf<TargetCpu>);

const FIGURES = object({
  ...{
    requestsPerSecond: number,
    p50Ms: nullable(number),
    p95Ms: nullable(number),
    startsPerSecond: number,
    endsPerSecond: number,
  },
  ...{ ended: number, paired: number, flowSeconds: nullable(number) },
  service: says(
    'Answered requests to the target; null: none. Absent in answers of before.',
    optional(nullable(SERVICE)),
  ),
  cpu: says(
    'CPU of the target; null: too little of it was recorded. Absent: nobody asked for it.',
    optional(nullable(CPU)),
  ),
} satisfies FieldsOf<LevelFigures>);

const QUANTILE = object({ value: number, low: number, high: number } satisfies FieldsOf<LevelQuantile>);

const LEVEL = named(
  'level',
  object({
    folder: says('Its run record, below the folder of the search; empty: it has none.', text),
    rate,
    purpose: oneOf(
      ...(['up', 'down', 'cold', 'hysteresis', 'knee', 'proof', 'replay'] as const satisfies readonly Purpose[]),
    ),
    looks: says('Seconds after the warm-up at which it was looked at.', listOf(number)),
    extendable: flag,
    seconds: says('What it took of the budget.', number),
    end: oneOf(...(['observed', 'generator', 'one-address', 'cut'] as const satisfies readonly PlayedLevel['end'][])),
    why: says('Why it says nothing, or what was allowed although it makes it doubtful; empty: neither.', text),
    verdict: oneOf(...(['held', 'broke', 'undecided'] as const satisfies readonly LevelVerdict[])),
    terms: says('In the order of the objective.', listOf(ESTIMATE)),
    unstable: nullable(oneOf(...(['growing', 'backlog', 'dropped'] as const satisfies readonly Unstable[]))),
    unsettled: flag,
    medianMs: says('Of the answered requests; null: there was none.', nullable(number)),
    recoveredSeconds: says(
      'How long the target took to answer as at first, at one flow a second; null: it did not, or nobody looked.',
      nullable(number),
    ),
    lookedSeconds: says('Seconds that were judged.', number),
    figures: nullable(FIGURES),
    quantiles: says('Of each term that limits a duration: its percentile, with 95 %.', listOf(nullable(QUANTILE))),
    userOffset: says('First user that it played.', whole(0)),
    users: says('Users that it played.', whole(0)),
  }),
);

/** A level as answer.json has it. */
export type AnswerLevel = Read<typeof LEVEL>;

const SEARCH = object({
  slo: says('The objective as it was given; null: the standard one.', nullable(text)),
  ...{ startRate: rate, maxRate: rate, budgetSeconds: number, precision: number, confidence: number },
  ...{ levelSeconds: number, warmUpSeconds: number, coolSeconds: number, seed: whole(0), allow429: flag },
  targetCores: says('Cores of the target, if somebody said.', optional(number)),
  settings: says('What -e said.', listOf(text)),
  simulatorOptions: listOf(text),
});

const INTERVAL = object({ value: number, low: number, high: number } satisfies FieldsOf<Interval>);

const CPU_LAW = object({
  secondsPerFlow: says('CPU time of a flow on all nodes together.', INTERVAL),
  ...{ idleCores: number, cores: nullable(number) },
  fullRate: says('The rate at which 90 % of the cores are in use; null: the cores are not known.', nullable(INTERVAL)),
  atAnswer: says('Part of the cores in use at the rate of the answer.', nullable(number)),
  limit: nullable(oneOf(...(['cpu', 'other', 'unknown'] as const satisfies readonly CpuLaw['limit'][]))),
  levels: whole(0),
} satisfies FieldsOf<CpuLaw>);

const WORKERS = object({
  ...{ workers: number, serviceMs: number, mostPerSecond: number, levels: whole(0) },
} satisfies FieldsOf<EquivalentWorkers>);

const MODELS = object({
  cpu: says('Utilisation law of the target’s CPU.', nullable(CPU_LAW)),
  noCpu: nullable(
    oneOf(
      ...([
        ...['not-recorded', 'too-few', 'flat', 'crooked', 'more-cores'],
      ] as const satisfies readonly Models['noCpu'][]),
    ),
  ),
  workers: says('The queue M/G/c that behaves as the target did.', nullable(WORKERS)),
  noWorkers: nullable(
    oneOf(
      ...([
        ...['not-saturated', 'collapsed', 'not-quiet', 'too-few', 'other-waits'],
      ] as const satisfies readonly NoWorkers[]),
    ),
  ),
} satisfies FieldsOf<Models>);

const ANSWER_FIELDS = {
  verdict: oneOf(...VERDICTS),
  unit: oneOf('flows/s'),
  rate: says('Where the objective stops being met; null where only bounds are known.', nullable(number)),
  low: says('Lower end of the interval, or the largest rate that met the objective; null: none.', nullable(number)),
  high: nullable(number),
  ...{ confidence: number, halfWidth: nullable(number), precision: number },
  binding: says('The term that is the first not to be met.', nullable(object({ name: text, limit: text }))),
  ...{ limitAt: nullable(number), stoppedBy: nullable(text), played: whole(0), seconds: number, budgetSeconds: number },
  moreSeconds: says('Seconds more that would give the precision asked for.', nullable(number)),
  proof: nullable(object({ rate, verdict: oneOf('held', 'broke', 'undecided') })),
  hysteresis: nullable(object({ held: rate, after: rate, recoveredSeconds: nullable(number) })),
  contradiction: says(
    'A rate that held, and one clearly below it, or the same, that did not later.',
    optional(nullable(object({ held: rate, broke: rate }))),
  ),
  targetChanged: nullable(object({ rate, firstMs: number, lastMs: number })),
  ...{ unsettled: listOf(number), withoutSamples: listOf(text) },
} satisfies FieldsOf<CapacityAnswer>;

const ANSWER = object({
  answer: says('Identifies the file format.', oneOf('pairstorm-capacity')),
  version: oneOf(ANSWER_VERSION),
  pairstorm: text,
  startedAt: text,
  ...ANSWER_FIELDS,
  exitCode: whole(0, 255),
  atLeast: says('The rate that was to be shown; null: none.', nullable(number)),
  sentences: says('The answer in words, the one that answers first.', listOf(text)),
  promise: says(
    'The lower end rounded down, in the units of plans; null: no rate is known to hold.',
    nullable(
      object({
        ...{ perSecond: number, signInsPerHour: number },
        pairingsPerHour: nullable(number),
        pairingsPerHourLow: says('With the error of the answer.', nullable(number)),
        pairingsPerHourHigh: nullable(number),
        signingIn: says('People who are signing in at a time.', nullable(number)),
      }),
    ),
  ),
  curves: says(
    'Of each term: logit of its share = logit of what is allowed + steepness × ln(rate / knee).',
    listOf(object({ knee: number, steepness: number })),
  ),
  models: says('Beside the answer; absent in answers of before.', optional(MODELS)),
  objective: listOf(TERM),
  target: text,
  simulated: flag,
  inventory: nullable(INVENTORY),
  timeScale: optional(number),
  nodes: says('Nodes of the deployment, if somebody said.', optional(whole(1))),
  search: SEARCH,
  levels: listOf(LEVEL),
});

/** answer.json. */
export type AnswerFile = Read<typeof ANSWER>;

/** Reads an answer.json. Throws a DecodeError that names the place. */
export const decodeAnswer = ANSWER.decode;

/** answer.json in JSON Schema. */
export const ANSWER_SCHEMA = schemaDocument(
  `capacity-answer:${ANSWER_VERSION}`,
  `answer.json of a Pairstorm search for capacity, version ${ANSWER_VERSION}`,
  ANSWER,
);
