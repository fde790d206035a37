import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { VERDICTS, decide } from '../catalogue/verdict.ts';
import type { Finding } from '../catalogue/findings.ts';
import { DecodeError, record } from '../contract/decode.ts';
import type { Decoder } from '../contract/decode.ts';
import type { InventoryIdentity } from '../contract/inventory.ts';
import type { PlannedScenario } from '../contract/planned-scenario.ts';
import { thresholdFindings } from '../contract/run-findings.ts';
import type { OwnDelay, Stalls } from '../contract/run-findings.ts';
import type { ThresholdDefinition, ThresholdResult } from '../contract/threshold-expression.ts';
import { DRIFT, RESILIENCE } from './analysis-rules.ts';
import { CAUSE } from './causes.ts';
import { MOMENT } from './moment.ts';
import { PART } from './run-part.ts';
import { anyObject, named, object, says, schema, schemaDocument } from './schema.ts';
import type { FieldsOf, Read, Schema } from './schema.ts';

/**
 * Version of run.json. Version 1 has a sentence instead of findings; version 0 is a folder with result.json and no
 * run.json. Both can be read.
 */
export const RUN_VERSION = 2;

/** Longest run that a record can hold, in milliseconds (31 days): anything longer is an error in the file. */
export const LONGEST_RUN_MS = 31 * 86_400_000;

/** Shortest recording interval, in milliseconds. */
export const SHORTEST_INTERVAL_MS = 100;

/** Largest index of an interval: bounds what readers do per interval. */
export function lastIndex(intervalMs: number): number {
  return Math.floor(LONGEST_RUN_MS / Math.max(intervalMs, SHORTEST_INTERVAL_MS));
}

/** Identifies the inventory of a run. */
export const INVENTORY = named(
  'inventory',
  object({
    generator: schema.text,
    seed: schema.whole(0, 0xffff_ffff),
    population: schema.text,
    users: schema.whole(1),
  } satisfies FieldsOf<InventoryIdentity>),
);

/** A point of a planned rate. Later versions may append further numbers. */
export const POINT: Schema<readonly [number, number]> = {
  json: { type: 'array', items: schema.real(0).json, minItems: 2 },
  decode(value, place) {
    const [atMs, perSecond] = schema.listOf(schema.real(0)).decode(value, place);
    if (atMs === undefined || perSecond === undefined) throw new DecodeError(`${place} is not a pair of time and rate`);
    return [atMs, perSecond];
  },
};

const SCENARIO = named(
  'scenario',
  object({
    name: schema.text,
    executor: schema.text,
    startMs: schema.real(0),
    durationMs: says('Planned duration; null if the number of iterations is fixed.', schema.nullable(schema.real(0))),
    arrivals: says(
      'Planned rate per second at times since the start of the run, linear in between; null if there is none.',
      schema.nullable(schema.listOf(POINT)),
    ),
    maxVus: schema.whole(0),
  } satisfies FieldsOf<PlannedScenario>),
);

/** A machine that made load. */
export const MACHINE = object({
  instance: says('Host name, or name of the part.', schema.text),
  cpus: schema.whole(0),
  runtime: says('Version of Node or k6; empty if unknown.', schema.text),
  platform: schema.text,
});

/** A machine that generated load. */
export type Machine = Read<typeof MACHINE>;

/** A finding of any version: its data is checked where it is read (catalogue/finding-words.ts). */
export const FINDING = object({
  code: schema.text,
  exit: schema.whole(0, 255),
  subject: schema.text,
  data: anyObject as Schema<Finding['data']>,
} satisfies FieldsOf<Finding>);

const RULES_SCHEMA = object({
  gate: schema.flag,
  allowInvalid: schema.flag,
  allowNoSamples: schema.flag,
  maxThrown: schema.real(0, 1),
});

/**
 * What a run may do and still pass, by its command line. `gate`: doubtful numbers fail the run. `allowInvalid`: the
 * load generator may be at fault. Gates only: `allowNoSamples` for thresholds, `maxThrown` is the share of iterations
 * that may throw.
 */
export type Rules = Read<typeof RULES_SCHEMA>;

/** The default rules. */
export const RULES: Rules = { gate: false, allowInvalid: false, allowNoSamples: false, maxThrown: 0.01 };

/** Counts of iterations. */
export const ITERATIONS = object({
  planned: schema.whole(0),
  started: schema.whole(0),
  completed: schema.whole(0),
  interrupted: schema.whole(0),
  dropped: schema.whole(0),
  thrown: says(
    'Of completed, those that ended with an exception; absent if the host does not report it.',
    schema.optional(schema.whole(0)),
  ),
  derived: says(
    'True: the host did not count them; interrupted is derived from flows without an outcome.',
    schema.optional(schema.flag),
  ),
});

/** Iterations: started = completed + interrupted; planned = started + dropped. */
export type Iterations = Read<typeof ITERATIONS>;

const LATENESS = named('lateness', object({ p99Ms: schema.real(0), maxMs: schema.real(0) }));

/** Cost and delays of the load generator (contract/run-findings.ts). */
export const OWN_DELAY = object({
  eventLoop: LATENESS,
  startLag: schema.nullable(LATENESS),
  cpuCores: schema.real(0),
  gc: object({
    share: schema.real(0),
    maxMs: schema.real(0),
    youngMiB: says(
      "Limit of each worker thread's young generation, in MiB, sized by the plan. Absent without worker threads, and in older records.",
      schema.optional(schema.real(0)),
    ),
  }),
  stalls: says(
    'Event-loop stalls of 250 ms or more since the first iteration: their sum, and the longest; the worst of all threads. Absent in older records.',
    schema.optional(object({ lostMs: schema.real(0), maxMs: schema.real(0) } satisfies FieldsOf<Stalls>)),
  ),
} satisfies FieldsOf<OwnDelay>);

const FAILURE_COUNTS = object({
  seen: says('Failed flows reported.', schema.whole(0)),
  kept: says('Of these, those in failures.jsonl.', schema.whole(0)),
});

/** Failed flows reported, and how many of them failures.jsonl holds. */
export type FailureCounts = Read<typeof FAILURE_COUNTS>;

const SERIES_COUNT = object({ lines: schema.whole(0) });

/** Number of interval lines recorded; a file with fewer lines has a gap. */
export type SeriesCount = Read<typeof SERIES_COUNT>;

const END = named(
  'end',
  object({
    endedAt: says('When it ended.', MOMENT),
    durationMs: says('Duration of the run, in milliseconds.', schema.real(0, LONGEST_RUN_MS)),
    verdict: says('How it ended, in one word.', schema.oneOf(...VERDICTS)),
    exitCode: says(
      '0 passed, 99 failed, 105 interrupted, 120 the load generator was at fault; full list: docs/errors.md.',
      schema.whole(0, 255),
    ),
    findings: says(
      'The findings, as data, the deciding ones first. code and exit are those of docs/errors.md (exit 0: a remark), subject is what it is about, data its figures. The verdict and exit code follow from them.',
      schema.optional(schema.listOf(FINDING)),
    ),
    causes: says(
      'Why flows failed, the most frequent cause first: outcome, expected outcome, state (at), step, error code, where the path was left, reason, number of flows, by kind, and the line of failures.jsonl with an example (0: none).',
      schema.optional(schema.listOf(CAUSE)),
    ),
    rules: says(
      'The rules it was judged by: as a gate, whether the generator may be at fault, whether thresholds may have no sample, and the share of iterations that may throw.',
      schema.optional(RULES_SCHEMA),
    ),
    reason: says('The findings as one line, for people; no code reads it.', schema.optional(schema.text)),
    iterations: says(
      'planned, started, completed, interrupted, dropped: started = completed + interrupted, planned = started + dropped. thrown: of completed, those that ended with an exception. derived is true if the host did not count them (k6, a part that was killed): interrupted is then the flows without an outcome, and whether flows were lost is not judged.',
      ITERATIONS,
    ),
    thresholds: says(
      'Thresholds as judged at the end, each with its value; null: no sample.',
      schema.listOf(
        object({
          metric: schema.text,
          expression: schema.text,
          value: says('null: no sample.', schema.nullable(schema.number)),
          ok: schema.flag,
        } satisfies FieldsOf<ThresholdResult>),
      ),
    ),
    ownDelay: says(
      'CPU and memory of the load generator, and its own delays; null: unknown.',
      schema.nullable(OWN_DELAY),
    ),
    simulator: says(
      'Flow starts answered by the simulator of the run; null: no simulator, or it could not be asked.',
      schema.nullable(object({ starts: schema.whole(0) })),
    ),
    failures: says('Failed flows reported (seen), and how many of them are in failures.jsonl (kept).', FAILURE_COUNTS),
    series: says(
      'What series.jsonl must contain: lines, its interval lines. Fewer are a gap. Absent in older records.',
      schema.optional(SERIES_COUNT),
    ),
  }),
);

/** As a file may have it: findings and causes may be missing. */
type WrittenEnd = Read<typeof END>;

/** The end of a run, with findings and causes in any case. */
export type RunEnd = Omit<WrittenEnd, 'findings' | 'causes'> & {
  readonly [Name in 'findings' | 'causes']-?: NonNullable<WrittenEnd[Name]>;
};

const RUN = object({
  record: says('Identifies the file format.', schema.oneOf('pairstorm-run')),
  version: says(
    'Version of the record; a reader rejects a newer version than it knows. Version 1 has no findings.',
    schema.oneOf(1, RUN_VERSION),
  ),
  testid: says('Name of the run; the testid label in Prometheus.', schema.text),
  pairstorm: says('Version of Pairstorm that wrote this.', schema.text),
  host: says('What ran the script.', schema.oneOf('engine', 'k6')),
  script: says('Name of the scenario or script.', schema.text),
  startedAt: says('Time zero of the run.', MOMENT),
  intervalMs: says('Length of an interval of series.jsonl, in milliseconds.', schema.whole(1, 3_600_000)),
  target: says('Origin of the target without user information; null: unknown.', schema.nullable(schema.text)),
  simulated: says('The target is the simulator started by the run.', schema.flag),
  simulatorOptions: says(
    'Flags of that simulator besides what every run gives it. Absent: none, or not recorded.',
    schema.optional(schema.listOf(schema.text)),
  ),
  seed: says('Seed of the inventory; null: unknown.', schema.nullable(schema.whole(0, 0xffff_ffff))),
  inventory: says('The users of the run; null: unknown.', schema.nullable(INVENTORY)),
  settings: says('Effective settings; secrets are (redacted).', schema.recordOf(schema.text)),
  scenarios: says(
    'The plan: each scenario with its executor, start, duration, arrival rates and maximum VUs.',
    schema.listOf(SCENARIO),
  ),
  thresholds: says(
    'Thresholds as configured.',
    schema.listOf(
      object({
        metric: says('metric or metric{tag:value}', schema.text),
        expression: says('such as p(95)<500', schema.text),
      } satisfies FieldsOf<ThresholdDefinition>),
    ),
  ),
  drift: says(
    'How drift is judged: relative change and points of a share that matter over the horizon, what is left out at the start, how many minutes pass in one. Absent: it is not.',
    schema.optional(DRIFT),
  ),
  resilience: says(
    'How the effects of its faults are judged: the hypotheses besides the usual ones, whether what is not known fails, and the objective. Absent: they are not.',
    schema.optional(RESILIENCE),
  ),
  part: says(
    'Which part of the run this is (--part), and the clocks that started it. Absent: the whole, or cut by executionSegment.',
    schema.optional(PART),
  ),
  machines: says('Where the load was generated: one machine, or those of all merged parts.', schema.listOf(MACHINE)),
  end: says('How it ended; null: the run was killed, or is still running.', schema.nullable(END)),
});

/**
 * run.json: what was run and how it ended. Written at the start with `end: null` and again at the end; null in a
 * finished folder means that the run was killed.
 */
export type RunFile = Omit<Read<typeof RUN>, 'version' | 'end'> & {
  readonly version: typeof RUN_VERSION;
  readonly end: RunEnd | null;
};

/** run.json in JSON Schema. */
export const RUN_SCHEMA = schemaDocument(
  `run:${RUN_VERSION}`,
  `run.json of a Pairstorm run record, version ${RUN_VERSION}`,
  says('What was run and how it ended. Written when the run starts, with end: null, and again when it ends.', RUN),
);

/**
 * Findings for an end without any, or whose exit code they do not explain: an earlier version's record, or an edited
 * one. All that is known is its thresholds and its sentence.
 */
export function findingsOfEarlier({
  exitCode,
  reason,
  thresholds,
}: Pick<RunEnd, 'exitCode' | 'reason' | 'thresholds'>): readonly Finding[] {
  const failed = exitCode === EXIT_CODES.thresholds_failed.code ? thresholdFindings(thresholds) : [];
  if (failed.length > 0) return failed;
  if (exitCode === EXIT_CODES.pass.code && reason === undefined) return [];
  return [{ code: 'recorded_reason', exit: exitCode, subject: '', data: reason === undefined ? {} : { text: reason } }];
}

/** Makes verdict, exit code and findings agree, whatever was written. */
function agreed({ findings, causes = [], ...written }: WrittenEnd): RunEnd {
  const { pass } = EXIT_CODES;
  const told = findings ?? findingsOfEarlier(written);
  const explained = written.exitCode === pass.code || decide(told).exitCode !== pass.code;
  return { ...written, ...decide(explained ? told : [...told, ...findingsOfEarlier(written)]), causes };
}

/** Decodes run.json of this version or version 1. Throws a DecodeError that names the field. */
export const decodeRunFile: Decoder<RunFile> = (value, place) => {
  const { version } = record(value, place);
  if (typeof version === 'number' && version > RUN_VERSION) {
    throw new DecodeError(
      `${place}: version ${version} is newer than this Pairstorm, which reads up to ${RUN_VERSION}; update it`,
    );
  }
  const run = RUN.decode(value, place);
  return { ...run, version: RUN_VERSION, end: run.end === null ? null : agreed(run.end) };
};

/** Replaces values that are or may be secret. */
export const REDACTED = '(redacted)';
