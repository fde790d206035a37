import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Histogram } from '../../contract/histogram.ts';
import type { NumberedInterval, SeriesCounts } from '../../contract/series-counts.ts';
import { SeriesTotals } from '../../contract/series-totals.ts';
import { encodeInterval, encodeSeriesHead, seriesReader } from '../../record/series-file.ts';

const trendOf = (values: readonly number[]): SeriesCounts => {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram.encode();
};

test('an interval comes back from its line as it was, buckets and all', () => {
  // JSON knows no −0, nor does a measurement.
  const measured = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0);
  const values = fc.array(fc.oneof(measured, fc.integer({ min: 0, max: 5 })));
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 99_999 }), (recorded, index) => {
      const written: NumberedInterval = {
        index,
        named: [{ number: 7, metric: 'm', type: 'trend', contains: 'time', tags: { step: 'poll' } }],
        recorded: [[7, trendOf(recorded)]],
      };
      const reader = seriesReader('series.jsonl');
      expect(reader.read(encodeSeriesHead(1_000))).toBeUndefined();
      const read = reader.read(encodeInterval(written))!;
      expect(read.index).toBe(index);
      const [series, total] = read.recorded[0]!;
      expect(series).toEqual({ metric: 'm', type: 'trend', contains: 'time', tags: { step: 'poll' } });
      expect('histogram' in total && total.histogram.encode()).toEqual(trendOf(recorded));
    }),
  );
});

test('a line that is not as it should be is refused by name and place', () => {
  const after = (line: string) => (): unknown => {
    const reader = seriesReader('series.jsonl');
    reader.read(encodeSeriesHead(1_000));
    return reader.read(line);
  };
  const named = (type: string, cells: string): string =>
    `{"i":0,"names":[[0,"m","${type}","default",{}]],"counts":[[0,${cells}]]}`;
  expect(after('{"i":0,"counts":[[3,1,1]]}')).toThrow('series.jsonl: line 2: counts[0]: no series has the number 3');
  expect(after('{"i":0,"coun')).toThrow('series.jsonl: line 2 is not JSON');
  expect(after(named('rate', '1,2'))).toThrow('counts[0][2]');
  expect(after(named('trend', '2,1,1,1,0,[66000,1],[]'))).toThrow('count says 2');
  expect(after(named('trend', '1,1,1,1,0,[-1,1],[]'))).toThrow('counts[0][6][0] is -1');
  expect(after(named('trend', '1,1,1,1,0,[5,1],[]'))).toThrow('no bucket has the key 5');
  // A list that ends with a key would otherwise make room for as many buckets as the last count says.
  expect(after(named('trend', '1,1,1,1,0,[66000,1,30000000],[]'))).toThrow('has no count');
  expect(after(named('trend', '1,1,1,1,-1,[66000,2],[]'))).toThrow('counts[0][5] is -1');
  expect(after(named('trend', '0.5,1,1,1,0,[],[]'))).toThrow('counts[0][1] is 0.5');
  expect(after(named('trend', '1,1,3,2,1,[],[]'))).toThrow('its smallest value, 3, is larger than its largest, 2');
  // JSON.parse reads it as Infinity; written again it would be null.
  expect(after(named('counter', '1,1e999'))).toThrow('counts[0][2] is Infinity; expected a finite number');
  expect(after(named('gauge', '1,1,-1e999,1,1'))).toThrow('counts[0][3] is -Infinity');
  expect(after(named('trend', '1,1e999,1,1,0,[66000,1],[]'))).toThrow('counts[0][2] is Infinity');
  // The 31st day, in seconds.
  expect(after('{"i":2678400,"counts":[]}')()).toMatchObject({ index: 2_678_400 });
  expect(after('{"i":2678401,"counts":[]}')).toThrow('series.jsonl: line 2: i is 2678401; expected 0 to 2678400');
  expect(after('{"i":9007199254740991,"counts":[]}')).toThrow('i is 9007199254740991');
  expect(() => seriesReader('series.jsonl').read('{"series":"pairstorm","version":99,"intervalMs":1}')).toThrow(
    'version',
  );
});

test('totals of intervals: counters and rates add up, trends merge, the newer gauge wins', () => {
  const totals = new SeriesTotals();
  const reader = seriesReader('series.jsonl');
  reader.read(encodeSeriesHead(1_000));
  const line = (index: number, sum: number, at: number): string =>
    encodeInterval({
      index,
      named:
        index > 0
          ? []
          : [
              { number: 0, metric: 'flows', type: 'counter', contains: 'default', tags: { kind: 'F1' } },
              { number: 1, metric: 'vus', type: 'gauge', contains: 'default', tags: {} },
              { number: 2, metric: 'd', type: 'trend', contains: 'time', tags: {} },
            ],
      recorded: [
        [0, { samples: sum, sum }],
        [1, { samples: 1, value: sum, min: sum, max: sum, at }],
        [2, trendOf([sum, sum])],
      ],
    });
  for (const text of [line(0, 3, 20), line(1, 4, 10)]) totals.add(reader.read(text)!);
  expect(totals.select('flows{kind:F1}')).toEqual({ samples: 7, sum: 7 });
  expect(totals.select('flows{kind:F2}')).toBeUndefined();
  expect(totals.select('vus')).toMatchObject({ samples: 2, value: 3, min: 3, max: 4 });
  expect(totals.breakdown('d', ['step'])[0]!.total.samples).toBe(4);
});
