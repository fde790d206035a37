const grouped = (whole: number): string => `${whole}`.replace(/\B(?=(\d{3})+$)/g, ',');

/** A number with three digits, from 1,000 on without decimals: `107`, `59.4`, `2,160`. */
export const numberWords = (value: number): string =>
  Math.abs(value) >= 999.5 ? grouped(Math.round(value)) : `${Number(value.toPrecision(3))}`;

/** People or connections: whole ones. */
export const wholeWords = (mean: number): string => numberWords(Math.max(1, Math.round(mean)));

/** A share as a percentage: `30 %`, `2.5 %`. */
export const percentWords = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

/** A rate of sign-ins: `107 sign-ins/s`. */
export const rateWords = (perSecond: number): string => `${numberWords(perSecond)} sign-ins/s`;

/** `3 nodes`, `1 node`. */
export const nodesWords = (nodes: number): string => `${nodes} ${nodes === 1 ? 'node' : 'nodes'}`;
