import type { Drift, DriftReason, DriftShape, SeriesDrift } from './drift.ts';

/** Sentences for people about a verdict on drift; no code parses them. */

const digits = (value: number): string => {
  const size = Math.abs(value);
  if (size >= 999.5) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(size >= 9.95 ? 0 : size >= 0.0995 ? 1 : 2);
};
const signed = (text: string): string => (text.startsWith('-') ? `−${text.slice(1)}` : `+${text}`);

/** A change of a series in its own unit, with its sign: `+1.1 %`, `+0.20 points`. */
export function changeWords({ scale }: Pick<SeriesDrift, 'scale'>, change: number): string {
  return scale === 'linear'
    ? signed(digits(change))
    : `${signed(digits(100 * change))} ${scale === 'ln' ? '%' : 'points'}`;
}

const hoursOf = (hours: number): string =>
  hours >= 2 ? `${Number(digits(hours))} h` : `${Math.round(hours * 60)} min`;

/** Clock time at some hours into the run, UTC. */
const clock = ({ startedAt }: Pick<Drift, 'startedAt'>, hours: number): string =>
  new Date(Date.parse(startedAt) + hours * 3_600_000).toISOString().slice(11, 16);

const REASONS: { readonly [C in DriftReason['code']]: (reason: Extract<DriftReason, { code: C }>) => string } = {
  few_points: ({ points, needed }) => `${points} points, ${needed} needed`,
  gaps: ({ share, most }) =>
    `${Math.round(100 * share)} % of its points are missing, at most ${Math.round(100 * most)} % are tolerated`,
  not_a_number: ({ points }) => `${points} of its points cannot be drawn on its scale (the logarithm of 0)`,
  wanders: ({ effective }) =>
    `it changes too slowly for this length: the whole run is worth ${Math.round(effective)} independent points`,
  too_wide: () => 'its interval includes both relevant and irrelevant changes',
  jumped: () => 'it jumped; a jump is not a drift, and whether there will be another cannot be told',
  generator: () => 'the load generator drifted along with it',
};

/** Why a series is not known, and what would settle it. */
function reasonSentence({ reason, hoursNeeded }: SeriesDrift): string {
  if (reason === null) return '';
  // Cast, because the code determines the type of the reason.
  const said = (REASONS[reason.code] as (reason: DriftReason) => string)(reason);
  return hoursNeeded === null ? said : `${said}; ${hoursOf(hoursNeeded)} would settle it`;
}

function shapeWords(drift: Pick<Drift, 'startedAt'>, series: SeriesDrift, shape: DriftShape): string {
  if (shape.kind === 'line') return '';
  const way = (change: number): string => changeWords(series, change).replace(/^[+−]/, '');
  if (shape.kind === 'rise') {
    return `${shape.change > 0 ? 'rose' : 'fell'} by ${way(shape.change)} in the first ${hoursOf(shape.hours)}, then levelled off`;
  }
  const jumps = shape.steps.map(({ atHours, fromHours, toHours, change }) => {
    const when = `${clock(drift, atHours)} (${clock(drift, fromHours)} to ${clock(drift, toHours)})`;
    return `${change > 0 ? 'jumped' : 'dropped'} by ${way(change)} at ${when}`;
  });
  const level = series.verdict === 'drifts' ? '' : '; it is level before and after';
  return `${jumps.join(' and ')}${series.reason?.code === 'jumped' ? level : ''}`;
}

/** What repeats in a series. */
function wavesOf(series: SeriesDrift): string {
  return series.patterns
    .filter(({ kind }) => kind === 'repeated')
    .map((of) => `; periodic, every ${of.periodMinutes.toFixed(1)} min: ${changeWords(series, of.change)}`)
    .join('');
}

/** What name, verdict and figures of a series do not say: why it is not known, its shape, what repeats; '' if nothing. */
export function asideWords(drift: Pick<Drift, 'startedAt'>, series: SeriesDrift): string {
  const { verdict, shape } = series;
  const said = [
    shape === null ? '' : shapeWords(drift, series, shape),
    verdict === 'not_known' ? reasonSentence(series) : '',
  ];
  return `${said.filter((words) => words !== '').join('; ')}${wavesOf(series)}`.replace(/^; /, '');
}

/** A series in one sentence. */
export function seriesSentence(drift: Pick<Drift, 'startedAt' | 'horizonHours'>, series: SeriesDrift): string {
  const { name, verdict, perHour, low, high, overHorizon, smallest, shape } = series;
  const change = (value: number | null): string => (value === null ? '?' : changeWords(series, value));
  const shaped = shape === null ? '' : shapeWords(drift, series, shape);
  const interval = low === null ? '' : ` (95 %: ${change(low)} to ${change(high)})`;
  const heads = {
    drifts: `${name} drifts: ${change(perHour)} an hour${interval}, ${change(overHorizon)} in ${hoursOf(drift.horizonHours)}`,
    steady:
      shaped !== ''
        ? `${name} ${shaped}`
        : `${name} ${series.improves ? 'gets better' : 'is steady'}: ${change(perHour)} an hour${interval}`,
    not_known: `${name}${shaped === '' ? '' : ` ${shaped}`}: not known, ${reasonSentence(series)}`,
  };
  const least =
    verdict === 'steady' && smallest !== null ? `; ${change(smallest)} an hour would have been detected` : '';
  return `${heads[verdict]}${least}${wavesOf(series)}`;
}

/** The verdict of a run in sentences, the main one first. */
export function driftSentences(drift: Drift): string[] {
  const judged = drift.series.filter(({ kind }) => kind !== 'generator');
  const of = (verdict: Drift['verdict']): SeriesDrift[] => judged.filter((one) => one.verdict === verdict);
  const over = `over ${hoursOf(drift.hours)}${drift.againstBase ? ', against the base night' : ''}`;
  const limit = 0.01;
  const able = judged.filter(({ scale, smallest }) => scale === 'ln' && smallest !== null && smallest <= limit).length;
  const found = `1 %/h would have been detected in ${able === 0 ? 'none' : able} of them`;
  const counted = `${of('not_known').length} of ${judged.length} series`;
  const [worst] = of('drifts');
  const named =
    worst === undefined ? '' : `, above all ${worst.name} (${changeWords(worst, worst.perHour ?? 0)} an hour)`;
  const first = {
    drifts: `drifts ${over}: ${of('drifts').length} of ${judged.length} series${named}${of('not_known').length === 0 ? '' : `; ${counted} not known`}`,
    steady: `steady ${over}: none of ${judged.length} series drifts; ${found}`,
    not_known:
      judged.length === 0
        ? 'not known: there is no series to judge'
        : `not known ${over} in ${counted}; none is known to drift; ${found}`,
  }[drift.verdict];
  const notes = drift.notes.map((note) =>
    note.code === 'one_night'
      ? 'one night: a drift may be due to the time of day; a second night settles it'
      : `the load generator itself drifted (${note.names.join(', ')}): latencies cannot be judged`,
  );
  return [first, ...of('drifts').map((one) => seriesSentence(drift, one)), ...notes];
}
