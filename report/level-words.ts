import type { LevelRow } from './model/report-model.ts';
import { NOTHING, quantity } from './quantity.ts';

/** What a level is called: its rate, or its number where the record does not say the rate. */
export function levelName({ name, rate }: Pick<LevelRow, 'name' | 'rate'>): string {
  return rate === null ? `level ${name}` : `${rate} flows/s`;
}

/** Figures of a level as cells: requests per second, median, p95, errors, unexpected. */
export const LEVEL_HEADS = ['requests/s', 'p50', 'p95', 'errors', 'unexpected'] as const;

/** The cells of LEVEL_HEADS. */
export function levelCells({ requestsPerSecond, duration: { p50, p95 }, ...row }: LevelRow): readonly string[] {
  const share = (part: number, of: number): string => (of === 0 ? NOTHING : quantity(part / of, 'share'));
  return [
    requestsPerSecond.toFixed(1),
    quantity(p50, 'ms'),
    quantity(p95, 'ms'),
    share(row.failed, row.requests),
    share(row.notAsPrescribed, row.judged),
  ];
}
