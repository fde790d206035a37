import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { VERDICTS, decide } from '../catalogue/findings.ts';
import type { Finding, Verdict } from '../catalogue/findings.ts';
import {
  DecodeError,
  flag,
  listOf,
  nullable,
  oneOf,
  optional,
  real,
  record,
  recordOf,
  shape,
  text,
  whole,
} from '../contract/decode.ts';
import type { Decoder } from '../contract/decode.ts';
import type { InventoryIdentity } from '../contract/inventory.ts';
import type { OwnDelay, Stalls } from '../contract/own-delay.ts';
import { thresholdFindings } from '../contract/run-findings.ts';
import { decodeCauses } from './cause.ts';
import type { Cause } from './cause.ts';
import type { PlannedScenario } from '../contract/planned-scenario.ts';
import type { ThresholdDefinition, ThresholdResult } from '../contract/threshold-expression.ts';

/**
 * run.json: what was run and how it ended. Written when the run begins, with `end: null`, and again when it ends; one that
 * still says null is of a run that was killed.
 */
export interface RunFile {
  readonly record: 'pairstorm-run';
  readonly version: typeof RUN_VERSION;
  /** Name of the run: the label `testid` of Prometheus, and what people call it. */
  readonly testid: string;
  /** Version of Pairstorm that wrote this. */
  readonly pairstorm: string;
  /** What played the script. */
  readonly host: 'engine' | 'k6';
  readonly script: string;
  /** Start of the run's clock, RFC 3339 in UTC. */
  readonly startedAt: string;
  /** Length of an interval of series.jsonl, in milliseconds. */
  readonly intervalMs: number;
  /** Origin of the target, without user information; null: not known. */
  readonly target: string | null;
  /** The target is the simulator that the run started. */
  readonly simulated: boolean;
  readonly seed: number | null;
  readonly inventory: InventoryIdentity | null;
  /** Settings as the run had them; secrets are `(redacted)`. */
  readonly settings: Readonly<Record<string, string>>;
  readonly scenarios: readonly PlannedScenario[];
  readonly thresholds: readonly ThresholdDefinition[];
  /** The machines that made the load: one, or those of the merged records. */
  readonly machines: readonly Machine[];
  readonly end: RunEnd | null;
}

/**
 * This version of run.json. Version 1 has a sentence in the place of findings; version 0 is a folder with result.json and no
 * run.json. Both are read.
 */
export const RUN_VERSION = 2;

/** Where load was made. */
export interface Machine {
  /** Host name, or the name of the part. */
  readonly instance: string;
  readonly cpus: number;
  /** Version of Node or of k6; `''` where not known. */
  readonly runtime: string;
  readonly platform: string;
}

/** How it ended. */
export interface RunEnd {
  readonly endedAt: string;
  readonly durationMs: number;
  /** What the findings come to (catalogue/findings.ts). */
  readonly verdict: Verdict;
  /** catalogue/exit-codes.ts. */
  readonly exitCode: number;
  /** What was found, what decides first. */
  readonly findings: readonly Finding[];
  /** Why flows failed, the most frequent cause first. */
  readonly causes: readonly Cause[];
  /** By which rules it was judged; undefined in records of before. */
  readonly rules?: Rules | undefined;
  /** The findings as a sentence, for who reads the file; no code does, but for records of before. */
  readonly reason?: string | undefined;
  readonly iterations: Iterations;
  readonly thresholds: readonly ThresholdResult[];
  readonly ownDelay: OwnDelay | null;
  /** What the simulator of the run counted; null if there was none, or if it could not be asked. */
  readonly simulator: { readonly starts: number } | null;
  readonly failures: FailureCounts;
  /** What series.jsonl has to hold; undefined in records of before, of which nobody knows. */
  readonly series?: SeriesCount | undefined;
}

/** How much was recorded: a reader that finds less has a record with a hole. */
export interface SeriesCount {
  /** Lines of series.jsonl, its head left out: the number of the last one. */
  readonly lines: number;
}

/** What a run may do and still pass, as its command line said. */
export interface Rules {
  /** It is a gate: what makes its numbers doubtful fails it. */
  readonly gate: boolean;
  /** The load generator may be at fault. */
  readonly allowInvalid: boolean;
  /** Of a gate: thresholds may have nothing to judge. */
  readonly allowNoSamples: boolean;
  /** Of a gate: share of iterations that may end by an exception. */
  readonly maxThrown: number;
}

/** The rules where nothing else is said. */
export const RULES: Rules = { gate: false, allowInvalid: false, allowNoSamples: false, maxThrown: 0.01 };

/** Iterations: started = completed + interrupted; planned = started + dropped. */
export interface Iterations {
  readonly planned: number;
  readonly started: number;
  readonly completed: number;
  readonly interrupted: number;
  readonly dropped: number;
  /** Of the completed ones, those that ended by an exception; undefined: not counted (k6, records of before). */
  readonly thrown?: number | undefined;
  /**
   * True: the host's own count is not there (k6, a part that was killed, a record of version 0). `interrupted` is then made out
   * of flows without an outcome, and proves nothing about them.
   */
  readonly derived?: boolean | undefined;
}

/** Failed flows: how many were told of, and how many of them failures.jsonl holds. */
export interface FailureCounts {
  readonly seen: number;
  readonly kept: number;
}

/** Longest run that a record can be of, in milliseconds; three years. */
export const LONGEST_RUN_MS = 1e11;

const any = real(-Number.MAX_VALUE, Number.MAX_VALUE);
const time = real(0, Number.MAX_VALUE);
/** So that start and length of a run are a time that a Date can hold. */
const LARGEST_MOMENT_MS = 8e15;
const duration = real(0, LONGEST_RUN_MS);

/** RFC 3339, as Date.prototype.toISOString writes it. */
const moment: Decoder<string> = (value, place) => {
  if (!(Math.abs(Date.parse(text(value, place))) <= LARGEST_MOMENT_MS))
    throw new DecodeError(`${place} is ${JSON.stringify(value)}; expected a time such as 2026-01-31T12:00:00.000Z`);
  return value as string;
};

/** A point of a planned rate. */
const point: Decoder<readonly [number, number]> = (value, place) => {
  const [atMs, perSecond] = listOf(time)(value, place);
  if (atMs === undefined || perSecond === undefined) throw new DecodeError(`${place} is no pair of time and rate`);
  return [atMs, perSecond];
};

const thresholdResult = shape<ThresholdResult>({ metric: text, expression: text, value: nullable(any), ok: flag });

const iterations = shape<Iterations>({
  planned: whole(0),
  started: whole(0),
  completed: whole(0),
  interrupted: whole(0),
  dropped: whole(0),
  thrown: optional(whole(0)),
  derived: optional(flag),
});

const lateness = shape<{ p99Ms: number; maxMs: number }>({ p99Ms: time, maxMs: time });

/** A finding of any version: what it carries is looked at where it is read (catalogue/finding-words.ts). */
const finding = shape<Finding>({
  code: text,
  exit: whole(0, 255),
  subject: text,
  data: (value, place) => record(value, place) as Finding['data'],
});

const share = real(0, 1);

/** As a file may have it: findings and causes may be missing. */
type WrittenEnd = Omit<RunEnd, 'findings' | 'causes'> & Partial<Pick<RunEnd, 'findings' | 'causes'>>;

const end = shape<WrittenEnd>({
  endedAt: moment,
  durationMs: duration,
  verdict: oneOf(...VERDICTS),
  exitCode: whole(0, 255),
  findings: optional(listOf(finding)),
  causes: optional(decodeCauses),
  rules: optional(shape<Rules>({ gate: flag, allowInvalid: flag, allowNoSamples: flag, maxThrown: share })),
  reason: optional(text),
  iterations,
  thresholds: listOf(thresholdResult),
  ownDelay: nullable(
    shape<OwnDelay>({
      eventLoop: lateness,
      startLag: nullable(lateness),
      cpuCores: time,
      gc: shape<OwnDelay['gc']>({ share: time, maxMs: time }),
      stalls: optional(shape<Stalls>({ lostMs: time, maxMs: time })),
    }),
  ),
  simulator: nullable(shape<{ starts: number }>({ starts: whole(0) })),
  failures: shape<FailureCounts>({ seen: whole(0), kept: whole(0) }),
  series: optional(shape<SeriesCount>({ lines: whole(0) })),
});

type WrittenRun = Omit<RunFile, 'version' | 'end'> & {
  readonly version: 1 | typeof RUN_VERSION;
  readonly end: WrittenEnd | null;
};

const decodeRunShape = shape<WrittenRun>({
  record: oneOf('pairstorm-run'),
  version: oneOf(1, RUN_VERSION),
  testid: text,
  pairstorm: text,
  host: oneOf('engine', 'k6'),
  script: text,
  startedAt: moment,
  intervalMs: whole(1, 3_600_000),
  target: nullable(text),
  simulated: flag,
  seed: nullable(whole(0, 0xffff_ffff)),
  inventory: nullable(
    shape<InventoryIdentity>({ generator: text, seed: whole(0, 0xffff_ffff), population: text, users: whole(1) }),
  ),
  settings: recordOf(text),
  scenarios: listOf(
    shape<PlannedScenario>({
      name: text,
      executor: text,
      startMs: time,
      durationMs: nullable(time),
      arrivals: nullable(listOf(point)),
      maxVus: whole(0),
    }),
  ),
  thresholds: listOf(shape<ThresholdDefinition>({ metric: text, expression: text })),
  machines: listOf(shape<Machine>({ instance: text, cpus: whole(0), runtime: text, platform: text })),
  end: nullable(end),
});

/**
 * Findings of an end that has none, or whose exit code they do not explain: a record of an earlier version, or one that was
 * edited. Its thresholds and its sentence are all that is known.
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

/** An end whose verdict, exit code and findings agree, whatever was written: they are never to contradict each other. */
function agreed({ findings, causes = [], ...written }: WrittenEnd): RunEnd {
  const { pass } = EXIT_CODES;
  const told = findings ?? findingsOfEarlier(written);
  const explained = written.exitCode === pass.code || decide(told).exitCode !== pass.code;
  return { ...written, ...decide(explained ? told : [...told, ...findingsOfEarlier(written)]), causes };
}

/** Checks a run.json, of this version or of the one before. Throws a DecodeError that names the place. */
export const decodeRunFile: Decoder<RunFile> = (value, place) => {
  const { version } = record(value, place);
  if (typeof version === 'number' && version > RUN_VERSION) {
    throw new DecodeError(
      `${place}: version ${version} is newer than this Pairstorm, which reads up to ${RUN_VERSION}; update it`,
    );
  }
  const run = decodeRunShape(value, place);
  return { ...run, version: RUN_VERSION, end: run.end === null ? null : agreed(run.end) };
};

/** What a record says in the place of a value that is a secret, or may be one. */
export const REDACTED = '(redacted)';
