import { either, named, object, says, schema, schemaDocument } from '../../record/schema.ts';
import type { FieldsOf, Schema } from '../../record/schema.ts';
import type { Drift, DriftNote, DriftReason, DriftShape, SeriesDrift } from './drift.ts';

const { flag, listOf, nullable, number, oneOf, text, whole } = schema;

const VERDICT = oneOf('drifts', 'steady', 'not_known');

/** A tagged union. It needs no decoder of its own, because nothing of ours reads it back. */
const oneOfThese = <T>(...of: readonly Schema<unknown>[]): Schema<T> => either(...of) as Schema<T>;

const code = (name: string, fields: Readonly<Record<string, Schema<unknown>>> = {}): Schema<unknown> =>
  object({ code: oneOf(name), ...fields });

const REASON = oneOfThese<DriftReason>(
  code('few_points', { points: whole(0), needed: whole(0) }),
  code('gaps', { share: number, most: number }),
  code('not_a_number', { points: whole(0) }),
  code('wanders', { effective: number, lagOne: number }),
  ...['too_wide', 'jumped', 'generator'].map((name) => code(name)),
);

const SHAPE = oneOfThese<DriftShape>(
  object({ kind: oneOf('line') }),
  object({
    kind: oneOf('steps'),
    steps: listOf(object({ atHours: number, fromHours: number, toHours: number, change: number })),
  }),
  object({ kind: oneOf('rise'), hours: number, change: number }),
);

const SERIES = named(
  'series',
  object({
    name: text,
    kind: oneOf('latency', 'share', 'flows', 'target', 'generator'),
    scale: says(
      'ln: changes are relative (0.01 is one percent); arcsine, points: of a share (0.01 is one percentage point); linear: in its own unit',
      oneOf('ln', 'arcsine', 'points', 'linear'),
    ),
    badWay: oneOf('up', 'down'),
    verdict: VERDICT,
    reason: says('why it is not known', nullable(REASON)),
    points: whole(0),
    skippedHours: number,
    level: says('median', nullable(number)),
    perHour: nullable(number),
    low: says('95 % interval of perHour', nullable(number)),
    high: nullable(number),
    overHorizon: nullable(number),
    limitPerHour: nullable(number),
    smallest: says('the smallest drift per hour that this run would have found with 90 %', nullable(number)),
    p: nullable(number),
    significant: says('significant over all series together (Holm)', flag),
    improves: says('significant the good way', flag),
    hoursNeeded: says('length of a run that would settle it', nullable(number)),
    shape: nullable(SHAPE),
    patterns: listOf(object({ kind: oneOf('daily', 'repeated'), periodMinutes: number, change: number })),
    lagOne: says('autocorrelation from point to point', nullable(number)),
    effective: says('independent points that would tell as much', nullable(number)),
  } satisfies FieldsOf<SeriesDrift>),
);

/** Schema of the verdict on drift in drift.json and in the JSON report. */
export const DRIFT_VERDICT = object({
  verdict: VERDICT,
  startedAt: text,
  hours: number,
  skippedHours: number,
  horizonHours: number,
  limit: says('relative change over the horizon that matters', number),
  limitPoints: says('the same for shares', number),
  alpha: number,
  againstBase: flag,
  notes: listOf(oneOfThese<DriftNote>(code('one_night'), code('generator', { names: listOf(text) }))),
  series: says('worst first', listOf(SERIES)),
} satisfies FieldsOf<Drift>);

/** JSON Schema of drift.json. */
export const DRIFT_SCHEMA = {
  ...schemaDocument('drift', 'drift.json: the verdict of Pairstorm on the drift of a run', DRIFT_VERDICT),
  $id: 'urn:pairstorm:drift',
};
