import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { EXIT_CODES } from '../../catalogue/exit-codes.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { durationOf } from '../../contract/duration.ts';
import { placeOf } from '../../engine/consolidate.ts';
import type { OptionLayer } from '../../engine/consolidate.ts';

/** Part `index` (from 0) of `of`. */
export interface PartNumber {
  readonly index: number;
  readonly of: number;
}

/** Flags of `run` about a run that several machines play together. */
export interface PartFlags {
  readonly part?: PartNumber;
  /** Unix, in milliseconds. */
  readonly startAt?: number;
  readonly push?: string;
  readonly exitZeroOn?: readonly number[];
}

/** Whether any of them is given. */
export function takesPart({ part, startAt, push, exitZeroOn }: PartFlags): boolean {
  return [part, startAt, push, exitZeroOn].some((given) => given !== undefined);
}

/** Most parts of a run: each is a machine, and the engine cuts a load into 10,000 at most. */
export const MOST_PARTS = 1_000;

/** Adds the flags in a help group of their own. */
export function addPartFlags(command: Command): void {
  const add = (option: Option): void => void command.addOption(option.helpGroup('Several machines (scale-out.md):'));
  add(
    new Option(
      '--part <i/n>',
      'play only part I of N equal ones, 0/N to N-1/N; other machines play the rest',
    ).argParser(partNumber),
  );
  add(
    new Option(
      '--start-at <time>',
      'start the load then, once all is prepared: a time such as 2026-01-31T12:00:00Z, or +90s from now',
    ).argParser(startTime),
  );
  add(
    new Option(
      '--push <place>',
      'put the record of this part where merge finds it: a folder, or s3://bucket/prefix (needs --part and --tag testid=ID)',
    ),
  );
  add(
    new Option(
      '--exit-zero-on <codes>',
      'end with 0 instead of these codes of a verdict, such as 99,120: merge judges the whole',
    ).argParser(verdictCodes),
  );
}

/** Parses `--part`. */
function partNumber(text: string): PartNumber {
  const [, i, n] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const [index, of] = [Number(i), Number(n)];
  if (n === undefined || of < 1 || of > MOST_PARTS)
    throw new InvalidArgumentError(`Write I/N, such as 0/8, with N from 1 to ${MOST_PARTS}.`);
  if (index >= of) throw new InvalidArgumentError(`Parts are numbered from 0: the last of ${of} is ${of - 1}/${of}.`);
  return { index, of };
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** The furthest start that is taken: what is further away is a mistyped date. */
const FURTHEST_MS = 86_400_000;

/** How late a part may be prepared, in milliseconds: later, it would not overlap the others. */
export const LATEST_MS = 1_000;

/** Parses `--start-at`; throws a ConfigurationError, also for a time that is over. */
export function startTime(text: string): number {
  const now = Date.now();
  const at = text.startsWith('+')
    ? now + durationOf(text.slice(1), '--start-at')
    : TIME.test(text)
      ? Date.parse(text)
      : NaN;
  if (Number.isNaN(at))
    throw new ConfigurationError(
      `--start-at is ${text}; write a time with its zone, such as 2026-01-31T12:00:00Z, or +90s from now`,
    );
  refuseLate(at, now);
  if (at - now > FURTHEST_MS)
    throw new ConfigurationError(`--start-at ${text} is ${Math.round((at - now) / 3_600_000)} h away; at most 24 h`);
  return Math.ceil(at);
}

/** Throws a ConfigurationError for a part that would start too late to overlap the others. */
export function refuseLate(atMs: number, nowMs: number): void {
  const late = nowMs - atMs;
  if (late > LATEST_MS)
    throw new ConfigurationError(
      `--start-at ${new Date(atMs).toISOString()}: late by ${(late / 1_000).toFixed(1)} s, so this part would not overlap the others; start all parts again, with more time to prepare`,
    );
}

/** Codes of a verdict on a run that was played to its end. */
const OF_A_VERDICT: readonly number[] = [EXIT_CODES.thresholds_failed, EXIT_CODES.failed, EXIT_CODES.invalid].map(
  ({ code }) => code,
);

function verdictCodes(text: string): readonly number[] {
  const codes = text.split(',').map((code) => (code.trim() === '' ? NaN : Number(code)));
  if (!codes.every((code) => OF_A_VERDICT.includes(code)))
    throw new InvalidArgumentError(
      `Write codes of a verdict on a run that was played, of ${OF_A_VERDICT.join(', ')}; the others must not be hidden.`,
    );
  return codes;
}

/** Options that `--part` sets. */
const OF_SEGMENTS = ['executionSegment', 'executionSegmentSequence'] as const;

/** The same options, with the share of the load that is this part. Throws a ConfigurationError if they set one already. */
export function withSegment(layers: readonly OptionLayer[], part: PartNumber | undefined): readonly OptionLayer[] {
  if (part === undefined) return layers;
  for (const name of OF_SEGMENTS) {
    const given = layers.find(({ values }) => values[name] !== undefined);
    if (given !== undefined)
      throw new ConfigurationError(`${placeOf(given.source, name)} cannot be combined with --part, which sets it`);
  }
  const { index, of } = part;
  if (of === 1) return layers;
  const border = (at: number): string => (at === 0 ? '0' : at === of ? '1' : `${at}/${of}`);
  const values = {
    executionSegment: `${border(index)}:${border(index + 1)}`,
    executionSegmentSequence: Array.from({ length: of + 1 }, (_, at) => border(at)).join(','),
  };
  return [...layers, { source: 'flags', values }];
}
