import type { RecordTotals } from '../../analysis/record-totals.ts';
import type { ErrorRow } from './failure-model.ts';
import { sumOf } from './trend-summary.ts';

/** Most rows: names are the script's, and there may be thousands. */
const MOST_ERRORS = 100;

/** What the hundreds of a code mean (k6-contract.md 6.2). */
const FAMILIES: Readonly<Record<string, string>> = {
  '10': 'no usable answer',
  '11': 'DNS error',
  '12': 'connection error',
  '13': 'TLS error',
  '14': 'client error',
  '15': 'server error',
  '16': 'HTTP/2 error',
  '17': 'body cannot be decompressed',
};

/** The host's own text where it has one, or else what the code means. */
function meaningOf(code: string, error: string): string {
  if (error !== '') return error;
  const status = /^1([45]\d\d)$/.exec(code)?.[1];
  const family = FAMILIES[code.slice(0, 2)] ?? '';
  return status === undefined ? family : `HTTP ${status}, ${family}`;
}

/** Requests that ended in an error, by name and code; those that nobody asked for first, then the most frequent. */
export function errorRows(totals: RecordTotals): ErrorRow[] {
  return totals
    .breakdown('http_reqs', ['name', 'peer', 'status', 'error_code', 'error', 'expected_response'])
    .filter(({ tags }) => tags['error_code'] !== '')
    .map(({ tags, total }) => ({
      name: tags['name'] ?? '',
      peer: tags['peer'] ?? '',
      status: tags['status'] ?? '',
      code: tags['error_code'] ?? '',
      meaning: meaningOf(tags['error_code'] ?? '', tags['error'] ?? ''),
      count: sumOf(total),
      expected: tags['expected_response'] === 'true',
    }))
    .sort((a, b) => Number(a.expected) - Number(b.expected) || b.count - a.count)
    .slice(0, MOST_ERRORS);
}
