import { lagOne, meanOf } from '../autoregression.ts';

/** A periodic pattern, found in a series or known in advance. */
interface Pattern {
  readonly kind: 'daily' | 'repeated';
  readonly periodMinutes: number;
  /** Half the distance from its minimum to its maximum, on the series' scale. */
  readonly amplitude: number;
}

/** A series without its patterns, and the factor by which removing them increases the slope's standard error. */
export interface Patterns {
  readonly found: readonly Pattern[];
  readonly rest: Float64Array;
  readonly inflation: number;
}

/** Length from which effects of the time of day can be distinguished from a drift. */
export const TWO_DAYS_HOURS = 48;
const DAILY_HOURS = [24, 12];
/** Possible periods of a job, in minutes. */
const [SHORTEST, LONGEST] = [5, 180];
const LEAST_CYCLES = 4;
const SURELY = 0.01;
/** Maximum number of frequencies: a wave that is not a sine has overtones. */
const MOST = 4;
/** Steps on either side when the best frequency is refined. */
const FINER = 20;

/** Sine and cosine of a frequency (cycles per hour) at the times of a series, in hours. */
const waves = (t: Float64Array, frequency: number): Float64Array[] => [
  t.map((at) => Math.sin(2 * Math.PI * frequency * at)),
  t.map((at) => Math.cos(2 * Math.PI * frequency * at)),
];

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/** Subtracts from `of` its projection on mutually orthogonal `columns`: a step of Gram & Schmidt. */
function without(of: Float64Array, columns: readonly Float64Array[]): Float64Array {
  const rest = of.slice();
  for (const column of columns) {
    const squares = dot(column, column);
    if (!(squares > 1e-12)) continue;
    const weight = dot(rest, column) / squares;
    for (let i = 0; i < rest.length; i++) rest[i]! -= weight * column[i]!;
  }
  return rest;
}

/** Makes columns orthogonal to each other and to a constant; the first only loses its mean. */
function orthogonal(columns: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const column of columns) {
    const mean = meanOf(column);
    // Twice, because once leaves rounding errors if columns are nearly alike.
    const centred = column.map((value) => value - mean);
    done.push(without(without(centred, done), done));
  }
  return done;
}

/** Removes waves of these frequencies, fitted by least squares together with a line, which stays. */
function takeOut(t: Float64Array, y: Float64Array, frequencies: readonly number[]): Omit<Patterns, 'found'> {
  if (frequencies.length === 0) return { rest: y, inflation: 1 };
  const mean = meanOf(t);
  const time = t.map((at) => at - mean);
  const cycles = frequencies.flatMap((frequency) => waves(t, frequency));
  // The slope, from the part of time that the waves do not explain (Frisch & Waugh, Econometrica 1 (1933) 387–401).
  const basis = orthogonal(cycles);
  const alone = without(time, basis);
  const slope = dot(alone, y) / dot(alone, alone);
  const level = y.map((value, i) => value - slope * time[i]!);
  const cleaned = without(level, basis);
  return {
    rest: cleaned.map((value, i) => value + slope * time[i]!),
    inflation: Math.sqrt(dot(time, time) / dot(alone, alone)),
  };
}

/** The part of the sum of squares of `y` (with mean 0) that a wave explains. */
function powerOf(t: Float64Array, y: Float64Array, frequency: number): number {
  let [sines, cosines] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    const angle = 2 * Math.PI * frequency * t[i]!;
    sines += y[i]! * Math.sin(angle);
    cosines += y[i]! * Math.cos(angle);
  }
  return (2 * (sines ** 2 + cosines ** 2)) / y.length;
}

/** Probability that the largest of `tried` among `m` ordinates has this share: Fisher's first term, an upper bound. */
const fisherP = (share: number, m: number, tried: number): number => Math.min(1, tried * (1 - share) ** (m - 1));

/** Residuals without the lag-1 autocorrelation measured in `of`, centred. */
function whitened(residuals: Float64Array, of: Float64Array): Float64Array {
  const lag = lagOne(of);
  const white = residuals.subarray(1).map((value, i) => value - lag * residuals[i]!);
  const mean = meanOf(white);
  return white.map((value) => value - mean);
}

/**
 * The frequency (per hour) of a repetition in residuals by Fisher's g: largest ordinate of the periodogram against all
 * (R. A. Fisher, Proc. Royal Society A 125 (1929) 54–59, https://doi.org/10.1098/rspa.1929.0151). It assumes
 * independent values, so an AR(1) is removed first; else the slowest wave of any wandering series is found. The wave
 * itself correlates neighbours: the autocorrelation is measured again without it. Half ordinates are tried and counted.
 */
function repeated(t: Float64Array, residuals: Float64Array): number | undefined {
  const times = t.subarray(1);
  const n = times.length;
  const hours = ((t.at(-1)! - t[0]!) * n) / (n - 1);
  const ordinates = Math.floor((n - 1) / 2);
  const tried = Array.from({ length: 2 * ordinates }, (_, i) => (i + 1) / 2 / hours).filter(isOfJob(hours));
  if (tried.length === 0) return undefined;
  const strongest = (white: Float64Array, frequencies: readonly number[]): number => {
    const powers = frequencies.map((frequency) => powerOf(times, white, frequency));
    return frequencies[powers.indexOf(Math.max(...powers))]!;
  };
  const candidate = strongest(whitened(residuals, residuals), tried);
  const white = whitened(residuals, without(residuals, orthogonal(waves(t, candidate))));
  if (fisherP(powerOf(times, white, candidate) / dot(white, white), ordinates, tried.length) >= SURELY)
    return undefined;
  const finer = Array.from({ length: 2 * FINER + 1 }, (_, i) => candidate + (i / FINER - 1) / 2 / hours).filter(
    isOfJob(hours),
  );
  return strongest(white, finer);
}

/** Whether a frequency may be a job's: at least four cycles, because two steps in a night would be taken for a wave. */
const isOfJob =
  (hours: number) =>
  (perHour: number): boolean =>
    perHour >= Math.max(60 / LONGEST, LEAST_CYCLES / hours) && perHour <= 60 / SHORTEST;

/**
 * Finds and removes repetitions: from two days on the waves of 24 and 12 hours, and whatever else repeats every 5 to
 * 180 minutes with p < 1 %. `t` in hours since the start of the run; `residualsOf` removes a line from a series.
 */
export function patternsOf(
  t: Float64Array,
  y: Float64Array,
  residualsOf: (t: Float64Array, y: Float64Array) => Float64Array,
): Patterns {
  if (y.every((value) => value === y[0])) return { found: [], rest: y, inflation: 1 };
  const days = t.at(-1)! >= TWO_DAYS_HOURS * 0.99;
  const known = days ? DAILY_HOURS.map((hours) => 1 / hours) : [];
  const jobs: number[] = [];
  let taken = takeOut(t, y, known);
  for (let round = 0; round < MOST; round++) {
    const frequency = repeated(t, residualsOf(t, taken.rest));
    if (frequency === undefined || jobs.some((other) => Math.abs(other - frequency) * (t.at(-1)! - t[0]!) < 0.5)) break;
    jobs.push(frequency);
    taken = takeOut(t, y, [...known, ...jobs]);
  }
  const amplitude = (frequencies: readonly number[]): number => {
    const { rest } = takeOut(t, y, frequencies);
    const wave = y.map((value, i) => value - rest[i]!);
    return (wave.reduce((a, b) => Math.max(a, b)) - wave.reduce((a, b) => Math.min(a, b))) / 2;
  };
  const daily: Pattern[] = days ? [{ kind: 'daily', periodMinutes: 1440, amplitude: amplitude(known) }] : [];
  const found = jobs.map((frequency): Pattern => ({
    ...{ kind: 'repeated', periodMinutes: 60 / frequency, amplitude: amplitude([frequency]) },
  }));
  return { ...taken, found: [...daily, ...found] };
}
