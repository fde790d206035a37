import { FAILURE_SIDES, sideOf } from '../../catalogue/failure-sides.ts';
import type { FailureSide } from '../../catalogue/failure-sides.ts';
import type { SeriesTotals } from '../../contract/series-totals.ts';
import { sumOf } from '../../record/record-totals.ts';
import type { ErrorRow } from './failure-model.ts';

/** Maximum rows: names come from the script, and there may be thousands. */
const MOST_ERRORS = 100;

/** Meaning of an error code by its first two digits (k6-contract.md 6.2). */
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

/** The host's error text if any, else the meaning of the code. */
function meaningOf(code: string, error: string): string {
  if (error !== '') return error;
  const status = /^1([45]\d\d)$/.exec(code)?.[1];
  const family = FAMILIES[code.slice(0, 2)] ?? '';
  return status === undefined ? family : `HTTP ${status}, ${family}`;
}

/** Requests that ended in an error, by name and code; unexpected ones first, then by frequency. */
export function errorRows(totals: SeriesTotals): ErrorRow[] {
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
      side: sideOf(tags['peer'] ?? '', Number(tags['error_code'])),
      expected: tags['expected_response'] === 'true',
    }))
    .sort((a, b) => Number(a.expected) - Number(b.expected) || b.count - a.count)
    .slice(0, MOST_ERRORS);
}

/** Unexpected failed requests by side at fault; only sides that have any. */
export function failedBySide(rows: readonly ErrorRow[]): readonly (readonly [side: FailureSide, count: number])[] {
  return FAILURE_SIDES.flatMap((side) => {
    const own = rows.filter((row) => row.side === side && !row.expected);
    return own.length === 0 ? [] : [[side, own.reduce((sum, { count }) => sum + count, 0)] as const];
  });
}

const PLACES: Readonly<Record<FailureSide, string>> = {
  target: 'at the target',
  network: 'on the way to it',
  device: 'on the device side',
  generator: 'on this machine',
};

/** Counts by side in words: `3 at the target, 321 on this machine`; `''` if nothing failed. */
export function sideWords(rows: readonly ErrorRow[]): string {
  return failedBySide(rows)
    .map(([side, count]) => `${count} ${PLACES[side]}`)
    .join(', ');
}
