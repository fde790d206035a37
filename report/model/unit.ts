/**
 * What a number is in: milliseconds, bytes, a share of one (shown as a percentage), a count, a count per second, CPU cores, or a
 * plain number.
 */
export type Unit = 'ms' | 'bytes' | 'share' | 'count' | 'perSecond' | 'cores' | 'plain';
