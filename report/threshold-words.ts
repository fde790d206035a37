import { thresholdParts } from '../contract/threshold-expression.ts';
import { stepOf } from './model/limits.ts';
import type { ThresholdRow } from './model/report-model.ts';
import { quantity, roundQuantity } from './quantity.ts';

/** Value, limit and margin of a threshold, as far as known. */
export function thresholdWords({ value, limit, margin, unit, expression }: ThresholdRow): string {
  if (value === null) return `no sample; ${expression}`;
  return [
    `was ${quantity(value, unit)}`,
    limit === null ? expression : `limit ${roundQuantity(limit, unit)} (${expression})`,
    ...(margin === null ? [] : [marginInWords(margin)]),
  ].join(', ');
}

/** How far a value is from its limit, in words. */
export function marginInWords(margin: number, beyond = 'beyond', limit = 'the limit'): string {
  const percent = `${Math.abs(margin * 100).toFixed(Math.abs(margin) < 0.1 ? 1 : 0)} %`;
  // Beyond −100 % the limit is an upper one, and the value a multiple of it.
  if (margin < -1) return `${Number((1 - margin).toPrecision(2))} times ${limit}`;
  if (margin < 0) return `${percent} ${beyond} ${limit}`;
  return margin === 0 ? `at ${limit}` : `${percent} to spare`;
}

/** What selectors of thresholds are about; the first that fits. */
const SUBJECTS: readonly (readonly [selector: RegExp, subject: string])[] = [
  [/^outcome_mismatch/, 'unexpected outcomes'],
  [/^http_req_failed\{.*peer:device/, 'failed requests of the phone side'],
  [/^http_req_failed/, 'failed requests'],
  [/^poll_error_rate/, 'poll errors'],
  [/^pairing_error_rate/, 'pairing errors'],
  [/^dropped_iterations/, 'starts dropped'],
  [/^flow_outcomes\{.*outcome:unverified/, 'flows without a status'],
  [/^(http_req_duration|step_duration)/, 'request'],
];

/** Tags that the words of a subject stand for, or that say nothing. */
const SAID_TAGS = ['expected_response', 'peer', 'name', 'step', 'outcome'];

/** What a threshold is about, in words: `poll p95`, `unexpected outcomes`. */
export function subjectOf({ metric, expression }: Pick<ThresholdRow, 'metric' | 'expression'>): string {
  const stat = thresholdParts(expression)?.stat ?? '';
  const percentile = /^p\((.+)\)$/.exec(stat)?.[1];
  const of = percentile === undefined ? (OTHER_STATS[stat] ?? '') : ` p${percentile}`;
  const named =
    SUBJECTS.find(([selector]) => selector.test(metric))?.[1] ??
    metric
      .replace(/\{.*$/s, '')
      .replace(/_duration$/, '')
      .replaceAll('_', ' ');
  return `${stepOf(metric) ?? named}${of}`;
}

const OTHER_STATS: Readonly<Record<string, string>> = { med: ' p50', avg: ' mean', min: ' least', max: ' longest' };

/** `poll p95 1.27 s (limit 1 s)` */
export function limitWords(row: ThresholdRow): string {
  return `${subjectOf(row)} ${valueWords(row)} (${limitOf(row)})`;
}

/** A failed threshold for people: `poll p95 in steady: 1.27 s, limit 1 s (27 % beyond it)`. */
export function failedWords(row: ThresholdRow): string {
  const short = leastOf(row) === undefined ? 'beyond' : 'short of';
  const margin = row.margin === null ? '' : ` (${marginInWords(row.margin, short, 'it')})`;
  return `${subjectOf(row)}${placeOf(row.metric)}: ${valueWords(row)}, ${limitOf(row)}${margin}`;
}

const valueWords = ({ value, unit }: ThresholdRow): string =>
  value === null ? 'without a sample' : quantity(value, unit);

/** `limit 1 s`, `more than 0 asked for`. */
function limitOf({ expression, limit, unit }: ThresholdRow): string {
  if (limit === null) return `limit ${expression}`;
  const least = leastOf({ expression });
  return least === undefined
    ? `limit ${roundQuantity(limit, unit)}`
    : `${least} ${roundQuantity(limit, unit)} asked for`;
}

const leastOf = ({ expression }: Pick<ThresholdRow, 'expression'>): string | undefined =>
  LEAST[thresholdParts(expression)?.operator ?? ''];

const LEAST: Readonly<Record<string, string>> = { '>': 'more than', '>=': 'at least' };

/** The part of the run and whatever else limits a selector: ` in steady`, ` of kind F1`; '' without such tags. */
function placeOf(selector: string): string {
  const tags = (/\{(.*)\}$/s.exec(selector)?.[1] ?? '').split(',').map((tag) => tag.split(':'));
  return tags
    .filter(([name = '']) => name !== '' && !SAID_TAGS.includes(name))
    .map(([name, ...value]) => (name === 'phase' ? ` in ${value.join(':')}` : ` of ${name} ${value.join(':')}`))
    .join('');
}
