import type { ThresholdRow } from './model/report-model.ts';
import { quantity, roundQuantity } from './quantity.ts';

/** Value, limit and margin of a threshold, as far as known. */
export function thresholdWords({ value, limit, margin, unit, expression }: ThresholdRow): string {
  if (value === null) return `no sample; ${expression}`;
  return [
    `was ${quantity(value, unit)}`,
    limit === null ? expression : `limit ${roundQuantity(limit, unit)} (${expression})`,
    ...(margin === null ? [] : [`margin ${marginWords(margin)}`]),
  ].join(', ');
}

/** A margin as percentage of the limit: `+12.0 %` inside, `−12.0 %` beyond. */
export function marginWords(margin: number): string {
  return `${margin < 0 ? '−' : '+'}${(Math.abs(margin) * 100).toFixed(1)} %`;
}
