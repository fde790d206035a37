import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importFile } from '../../cli/import/import-file.ts';
import type { ImportFlags } from '../../cli/import/import-file.ts';
import { SeriesTotals } from '../../contract/series-totals.ts';
import { openRecord } from '../../record/read-record.ts';
import type { StoredRecord } from '../../record/read-record.ts';
import { emptyFolder } from './command.ts';

export const START = Date.UTC(2026, 0, 31, 12);

/** A `Metric` line, as k6's documents show it, with more in its data. */
export function metric(name: string, type: string, thresholds: readonly unknown[] = [], more: object = {}): string {
  const data = { type, contains: 'default', tainted: null, thresholds, submetrics: null, ...more };
  return JSON.stringify({ type: 'Metric', data, metric: name });
}

/** A `Point` line of so many milliseconds after START. */
export function point(name: string, value: number, ms = 0, tags: object | null = {}): string {
  const data = { time: new Date(START + ms).toISOString(), value, tags };
  return JSON.stringify({ type: 'Point', data, metric: name });
}

/** What an import left. */
export interface Imported {
  readonly code: number;
  readonly said: string;
  readonly record: StoredRecord;
  readonly totals: SeriesTotals;
  /** What was recorded of a metric in each interval, by its index. */
  readonly sums: (metric: string) => ReadonlyMap<number, number>;
}

/** Writes lines (or bytes) into a file and imports it into a folder of its own. */
export async function imported(
  content: readonly string[] | string | Buffer,
  flags: Partial<ImportFlags> = {},
): Promise<Imported> {
  const folder = emptyFolder();
  const file = join(folder, 'k6.json');
  const isLines = typeof content !== 'string' && !Buffer.isBuffer(content);
  writeFileSync(file, isLines ? content.map((line) => `${line}\n`).join('') : content);
  const said: string[] = [];
  const results = join(folder, 'results');
  const code = await importFile(file, { results, interval: '1s', ...flags }, (line) => said.push(line));
  const path = / → (.*)$/.exec(said.at(-1)!)![1]!;
  const record = openRecord(path);
  const totals = new SeriesTotals();
  const sums = new Map<string, Map<number, number>>();
  for await (const interval of record.intervals()) {
    totals.add(interval);
    for (const [series, total] of interval.recorded) {
      const own = sums.get(series.metric) ?? new Map<number, number>();
      own.set(interval.index, (own.get(interval.index) ?? 0) + ('sum' in total ? total.sum : total.samples));
      sums.set(series.metric, own);
    }
  }
  return { code, said: said.join('\n'), record, totals, sums: (name) => sums.get(name) ?? new Map() };
}
