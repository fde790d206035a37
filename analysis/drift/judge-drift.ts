import { holm } from '../comparison/holm.ts';
import { criticalT } from '../comparison/student-t.ts';
import { floors, leastSkip, warmUp } from './bins.ts';
import type { Drift, DriftNote, DriftReason, DriftShape, DriftVerdict, SeriesDrift } from './drift.ts';
import { hasFewEvents, joined, thirdsTest } from './few-events.ts';
import { criticalZ } from './normal.ts';
import type { Patterns } from './pattern.ts';
import { TWO_DAYS_HOURS, patternsOf } from './pattern.ts';
import { SCALES } from './scales.ts';
import type { DriftInput, DriftSettings, Point, Series } from './series.ts';
import { DEFAULT_DRIFT_SETTINGS } from './series.ts';
import type { Shape } from './shape.ts';
import { shapeOf } from './shape.ts';
import type { TrendTest } from './trend-test.ts';
import { detrended, medianOf, senSlope, trendTest } from './trend-test.ts';

/** Minimum number of points of a series. */
const FEWEST_POINTS = 60;
/** Maximum share of empty bins. */
const MOST_GAPS = 0.2;
/**
 * Beyond these limits a series changes too slowly for its length, and every test is wrong too often. The design had 20
 * points. 17 keeps the promised error rates once the biases of variance and autocorrelation are corrected; with 20, a
 * night of minutes with autocorrelation 0.9 was untestable in 7 % of cases (docs/methods-drift.md).
 */
const FEWEST_EFFECTIVE = 17;
const MOST_LAG_ONE = 0.95;
/** 1 − power of the smallest drift that is reported. */
const MISS = 0.1;
const CONFIDENCE = 0.95;
const SECONDS = 3600;

/** Values on the series' scale; times in hours since the start of the run. */
interface Values {
  readonly t: Float64Array;
  readonly y: Float64Array;
}

/** A series ready for the test. */
interface Prepared extends Values {
  readonly series: Series;
  /** Including the warm-up, because the shape is judged on all of it. */
  readonly uncut: Values;
  readonly skippedHours: number;
  /** Median on the scale, and of the raw values. */
  readonly middle: number;
  readonly level: number;
  readonly patterns: Patterns;
  readonly test: TrendTest;
}

interface Unusable {
  readonly series: Series;
  readonly points: number;
  readonly reason: DriftReason;
}

const isUnusable = (one: Prepared | Unusable): one is Unusable => !('test' in one);

/** Residuals about Sen's slope. */
const residualsOf = (t: Float64Array, y: Float64Array): Float64Array => detrended(t, y, senSlope(t, y));

const orderedBy = (points: readonly Point[]): Point[] => [...points].sort((a, b) => a.t - b.t);

/** Median distance between points, in seconds. */
function usualGap(points: readonly Point[]): number {
  const gaps = Float64Array.from(points.slice(1), ({ t }, i) => t - points[i]!.t);
  return medianOf(gaps.filter((gap) => gap > 0));
}

/** Prepares a series, or says why it cannot be judged. */
function prepare(series: Series, input: DriftInput, skipSeconds: number): Prepared | Unusable {
  const onScale = SCALES[series.scale].to;
  const to = (point: Point): number => onScale(point) - (point.base ?? 0);
  const all = orderedBy(series.points).filter(({ t }, i, of) => t >= skipSeconds && t !== of[i - 1]?.t);
  const known = all.filter((point) => Number.isFinite(to(point)));
  const isPlain = known.every(({ base }) => base === undefined);
  const few = isPlain && hasFewEvents(series, known);
  const points = isPlain && !few ? joined(series, known) : known;
  const refuse = (reason: DriftReason): Unusable => ({ series, points: points.length, reason });
  if (points.length < 3) {
    return all.length >= FEWEST_POINTS
      ? refuse({ code: 'not_a_number', points: all.length - points.length })
      : refuse({ code: 'few_points', points: points.length, needed: FEWEST_POINTS });
  }
  const missing = 1 - (points.length * usualGap(points)) / (input.seconds - skipSeconds);
  if (missing > MOST_GAPS) return refuse({ code: 'gaps', share: missing, most: MOST_GAPS });

  const whole = { t: Float64Array.from(points, ({ t }) => t / SECONDS), y: Float64Array.from(points, to) };
  const floor = series.floorOf === undefined ? whole : floors(whole.t, whole.y, series.floorOf);
  if (floor.y.length < FEWEST_POINTS) {
    return refuse({ code: 'few_points', points: floor.y.length, needed: FEWEST_POINTS });
  }
  if (few) {
    const y = Float64Array.from(points, (point) => point.y);
    const level = points.reduce((sum, point) => sum + point.y, 0) / points.length;
    return {
      ...{ series: { ...series, scale: 'points' }, t: whole.t, y, uncut: { t: whole.t, y }, middle: level, level },
      ...{
        patterns: { found: [], rest: y, inflation: 1 },
        skippedHours: skipSeconds / SECONDS,
        test: thirdsTest(points),
      },
    };
  }
  const cut = warmUp(floor.t, floor.y);
  const kept = floor.y.length - cut >= FEWEST_POINTS ? cut : 0;
  const [t, y] = [floor.t.subarray(kept), floor.y.subarray(kept)];
  const patterns = patternsOf(t, y, residualsOf);
  return {
    ...{ series, t, y, uncut: floor, patterns, skippedHours: kept === 0 ? skipSeconds / SECONDS : t[0]! },
    middle: medianOf(Float64Array.from(points, onScale)),
    level: medianOf(Float64Array.from(points, (point) => point.y)),
    test: trendTest(t, patterns.rest, patterns.inflation),
  };
}

const wanders = ({ effective, lagOne }: TrendTest): boolean => effective < FEWEST_EFFECTIVE || lagOne > MOST_LAG_ONE;

/** What the series of a run are judged by together. */
interface Family {
  readonly settings: DriftSettings;
  readonly size: number;
}

/** The smallest true slope found with 90 % power, in standard errors. */
const reach = ({ settings, size }: Family): number => criticalZ(settings.alpha / (2 * size)) + criticalZ(MISS);

/** Half the width of a slope's interval. */
const halfWidth = ({ standardError, degrees }: TrendTest): number =>
  standardError * (standardError > 0 ? criticalT(1 - CONFIDENCE, degrees) : 0);

/** Whether the interval of a slope is within ± the limit. */
function isWithin(test: TrendTest, limitPerHour: number): boolean {
  return Math.abs(test.slope) + halfWidth(test) <= limitPerHour;
}

/**
 * Length that a run would need, in hours: so that the smallest drift it finds is the limit, from se =
 * σ·√(12·CF/f)/T^1.5 at f points per hour; and, if the series changes too slowly, so that it has enough effective
 * points. Rounded up to a quarter of an hour, and longer than this run.
 */
function hoursNeeded({ t, test, skippedHours }: Prepared, family: Family, limitPerHour: number): number {
  const hours = t.at(-1)! - t[0]!;
  const perHour = (t.length - 1) / hours;
  const longRun = test.variance * Math.max(1, test.correction);
  const toFind = ((reach(family) * Math.sqrt((12 * longRun) / perHour)) / limitPerHour) ** (2 / 3);
  // Twice the minimum, because a short run of a slow series makes it look faster than it is.
  const toTell = wanders(test) ? (hours * 2 * FEWEST_EFFECTIVE) / Math.max(1, test.effective) : 0;
  const wanted = Math.max(toFind, toTell, hours * 1.05) + skippedHours;
  return Math.ceil(4 * wanted) / 4;
}

/** A shape in the series' own units. */
function toldShape(shape: Shape, { series, middle }: Prepared): DriftShape | null {
  const { change } = SCALES[series.scale];
  if (shape.kind === 'line') return { kind: 'line' };
  if (shape.kind === 'rise') {
    return { kind: 'rise', hours: 3 * shape.timeConstant, change: change(shape.height, middle) };
  }
  if (shape.kind !== 'steps') return null;
  return {
    kind: 'steps',
    steps: shape.steps.map(({ at, from, to, height }) => ({
      ...{ atHours: at, fromHours: from, toHours: to, change: change(height, middle) },
    })),
  };
}

/** Verdict on a tested series, with its reasons. */
interface Judged {
  readonly verdict: DriftVerdict;
  readonly reason: DriftReason | null;
  readonly improves: boolean;
  readonly shape: DriftShape | null;
  /** The test that decided: of the series, or of what remains without its shape. */
  readonly test: TrendTest;
}

const found = (verdict: DriftVerdict, test: TrendTest, more: Partial<Judged> = {}): Judged => ({
  ...{ verdict, reason: null, improves: false, shape: null, test },
  ...more,
});

function judgeOne(one: Prepared, significant: boolean, limitPerHour: number, limit: number): Judged {
  const { series, t, uncut, test, patterns } = one;
  const sign = series.badWay === 'up' ? 1 : -1;
  const tested = !wanders(test);
  const reason = (of: TrendTest): DriftReason =>
    wanders(of) ? { code: 'wanders', effective: of.effective, lagOne: of.lagOne } : { code: 'too_wide' };
  if (tested && !significant && isWithin(test, limitPerHour)) return found('steady', test);
  const improves = tested && significant && sign * test.slope < 0;
  const matters = tested && significant && sign * test.slope >= limitPerHour;
  const { rest, inflation } = uncut.t.length === t.length ? patterns : patternsOf(uncut.t, uncut.y, residualsOf);
  // With so few events no shape can be recognised.
  const shape: Shape = series.scale === 'points' ? { kind: 'none', rest } : shapeOf(uncut.t, rest);
  const told = toldShape(shape, one);
  if (shape.kind === 'steps' || shape.kind === 'rise') {
    const left = trendTest(uncut.t, shape.rest, inflation);
    const worst = shape.kind === 'steps' ? Math.max(...shape.steps.map(({ height }) => sign * height)) : 0;
    if (worst >= limit) return found('not_known', test, { reason: { code: 'jumped' }, shape: told });
    if (!wanders(left) && isWithin(left, limitPerHour)) return found('steady', left, { shape: told });
    return found('not_known', left, { reason: reason(left), shape: told });
  }
  if (improves) return found('steady', test, { improves, shape: told });
  if (matters) return found('drifts', test, { shape: { kind: 'line' } });
  // Significant but within the limit counts as steady.
  if (tested && isWithin(test, limitPerHour)) return found('steady', test, { shape: told });
  return found('not_known', test, { reason: reason(test), shape: told });
}

/** A series that could not be tested. */
function unknown({ series, points, reason }: Unusable, skipSeconds: number, needed: number | null): SeriesDrift {
  const { name, kind, scale, badWay } = series;
  return {
    ...{ name, kind, scale, badWay, verdict: 'not_known', reason, points, skippedHours: skipSeconds / SECONDS },
    ...{
      level: null,
      perHour: null,
      low: null,
      high: null,
      overHorizon: null,
      limitPerHour: null,
      smallest: null,
      p: null,
    },
    ...{
      significant: false,
      improves: false,
      hoursNeeded: needed,
      shape: null,
      patterns: [],
      lagOne: null,
      effective: null,
    },
  };
}

function toldSeries(one: Prepared, significant: boolean, family: Family): SeriesDrift {
  const { series, middle, patterns } = one;
  const { name, kind, scale, badWay } = series;
  const { change, limit: limitOf } = SCALES[scale];
  const { settings } = family;
  const limit = limitOf(settings, middle);
  const limitPerHour = limit / settings.horizonHours;
  const { test, improves, ...judged } = judgeOne(one, significant, limitPerHour, limit);
  const half = halfWidth(test);
  const usable = !wanders(test);
  const natural = (slope: number): number => change(slope, middle);
  return {
    ...{ name, kind, scale, badWay, ...judged, points: one.y.length, skippedHours: one.skippedHours, level: one.level },
    perHour: natural(test.slope),
    low: usable ? natural(test.slope - half) : null,
    high: usable ? natural(test.slope + half) : null,
    overHorizon: change(test.slope * settings.horizonHours, middle + (test.slope * settings.horizonHours) / 2),
    limitPerHour: natural(limitPerHour),
    smallest: usable && test.standardError > 0 ? natural(reach(family) * test.standardError) : null,
    ...{ p: usable ? test.p : null, significant, improves },
    hoursNeeded:
      judged.reason?.code === 'wanders' || judged.reason?.code === 'too_wide'
        ? hoursNeeded({ ...one, test }, family, limitPerHour)
        : null,
    patterns: patterns.found.map((pattern) => ({
      ...{ kind: pattern.kind, periodMinutes: pattern.periodMinutes, change: change(pattern.amplitude, middle) },
    })),
    ...{ lagOne: test.lagOne, effective: test.effective },
  };
}

/** Whether a load generator series moved by more than the limit in the bad direction, whatever its shape. */
const moved = ({ kind, significant, improves, reason, verdict, shape, perHour, limitPerHour }: SeriesDrift): boolean =>
  kind === 'generator' &&
  (verdict === 'drifts' ||
    reason?.code === 'jumped' ||
    (significant && !improves && shape?.kind !== 'rise' && Math.abs(perHour ?? 0) >= (limitPerHour ?? Infinity)));

const BADNESS: Record<DriftVerdict, number> = { drifts: 0, not_known: 1, steady: 2 };

/** Slope in the bad direction relative to the limit, for sorting. */
const urgency = ({ perHour, limitPerHour, badWay }: SeriesDrift): number =>
  perHour === null || limitPerHour === null ? -Infinity : ((badWay === 'up' ? 1 : -1) * perHour) / limitPerHour;

/**
 * The verdict on drift of a run: each series by trend-test.ts, all together by Holm. The load generator's own series
 * are a control: they do not count for the verdict, but if one drifts, latencies become `not_known`.
 */
export function judgeDrift(
  input: DriftInput,
  settings: DriftSettings = DEFAULT_DRIFT_SETTINGS,
  againstBase = false,
): Drift {
  const skipSeconds = settings.skipSeconds ?? leastSkip(input.seconds);
  const hours = input.seconds / SECONDS;
  const prepared = input.series.map((series) => prepare(series, input, skipSeconds));
  // Untestable series count as tests without a finding, so the family is all series.
  const ps = prepared.map((one) => (isUnusable(one) || wanders(one.test) ? 1 : one.test.p));
  const { rejected } = holm(ps, settings.alpha);
  const family: Family = { settings, size: Math.max(1, prepared.length) };
  const needed = ({ reason }: Unusable): number | null =>
    reason.code === 'few_points' && reason.points > 0
      ? Math.ceil(4 * (((hours - skipSeconds / SECONDS) * reason.needed) / reason.points + skipSeconds / SECONDS)) / 4
      : null;
  const judged = prepared.map((one, i) =>
    isUnusable(one) ? unknown(one, skipSeconds, needed(one)) : toldSeries(one, rejected[i]!, family),
  );
  const guilty = judged.filter(moved).map(({ name }) => name);
  const series = judged
    .map((one): SeriesDrift =>
      guilty.length > 0 && one.kind === 'latency' && one.reason?.code !== 'few_points'
        ? { ...one, verdict: 'not_known', reason: { code: 'generator' }, hoursNeeded: null }
        : one,
    )
    .sort((a, b) => BADNESS[a.verdict] - BADNESS[b.verdict] || urgency(b) - urgency(a));
  const targets = series.filter(({ kind }) => kind !== 'generator');
  const notes: DriftNote[] = [
    ...(hours < TWO_DAYS_HOURS && !againstBase ? [{ code: 'one_night' as const }] : []),
    ...(guilty.length > 0 ? [{ code: 'generator' as const, names: guilty }] : []),
  ];
  return {
    verdict:
      targets.find(({ verdict }) => verdict !== 'steady')?.verdict ?? (targets.length > 0 ? 'steady' : 'not_known'),
    startedAt: new Date(input.startedAt).toISOString(),
    ...{ hours, skippedHours: skipSeconds / SECONDS },
    ...{ horizonHours: settings.horizonHours, limit: settings.limit, limitPoints: settings.limitPoints },
    ...{ alpha: settings.alpha, againstBase, notes, series },
  };
}
