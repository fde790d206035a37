/** Unit of a number: milliseconds (of a time that is not known to the millisecond: `time`), bytes, share (shown as percentage), count, count per second, CPU cores, or plain. */
export type Unit = 'ms' | 'time' | 'bytes' | 'share' | 'count' | 'perSecond' | 'cores' | 'plain';

/** Shown if nothing was measured. */
export const NOTHING = '–';

const FORMATS: Readonly<Record<Unit, (value: number) => string>> = {
  ms: milliseconds,
  time: (ms) => (ms < 9_950 ? `${(ms / 1_000).toFixed(1)} s` : lengthOfTime(ms)),
  bytes,
  share: percentage,
  count: (value) => grouped(value, Number.isInteger(value) ? 0 : 1),
  perSecond: (value) => `${grouped(value, digits(value))}/s`,
  cores: (value) => `${value.toFixed(2)} cores`,
  plain: (value) => grouped(value, digits(value)),
};

/** A number with its unit for people: `842 ms`, `1.24 s`, `0.3 %`, `12,400`, `31.5/s`, `1.2 GiB`. */
export function quantity(value: number | null, unit: Unit): string {
  if (value === null || Number.isNaN(value)) return NOTHING;
  return Number.isFinite(value) ? FORMATS[unit](value) : String(value);
}

/** For limits and axis labels, which are round: `50 ms`, not `50.0 ms`; `1 s`, not `1.00 s`. */
export function roundQuantity(value: number | null, unit: Unit): string {
  return quantity(value, unit).replace(/\.(\d*?)0+(?=\D|$)/, (_, digits: string) =>
    digits === '' ? '' : `.${digits}`,
  );
}

/** A count with what is counted: `1 flow`, `12,400 flows`. */
export function counted(count: number, what: string, many = `${what}s`): string {
  return `${quantity(count, 'count')} ${count === 1 ? what : many}`;
}

/** A duration for people, to the second (tenths below 10 s): `4.5 s`, `42 s`, `3 min 20 s`, `8 h 1 min`. */
export function lengthOfTime(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (ms < 10_000) return `${Number((ms / 1_000).toFixed(1))} s`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return join(`${minutes} min`, seconds % 60, 's');
  return join(`${Math.floor(minutes / 60)} h`, minutes % 60, 'min');
}

/** The time of the day of a moment (Unix milliseconds), UTC: `03:12`, with seconds `03:12:30`. */
export function clockTime(unixMs: number, seconds = false): string {
  const time = new Date(unixMs);
  return Number.isNaN(time.getTime()) ? '' : time.toISOString().slice(11, seconds ? 19 : 16);
}

/** A moment as a person reads it: `2026-01-31 12:00:00 UTC`. What is not a time stays as it is. */
export function moment(rfc3339: string): string {
  const time = Date.parse(rfc3339);
  return Number.isFinite(time) ? momentOf(time) : rfc3339;
}

/** From Unix milliseconds; a record may contain times beyond what a Date can hold. */
export function momentOf(unixMs: number): string {
  const time = new Date(unixMs);
  return Number.isNaN(time.getTime()) ? 'no time' : `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function join(whole: string, rest: number, unit: string): string {
  return rest === 0 ? whole : `${whole} ${rest} ${unit}`;
}

function milliseconds(ms: number): string {
  const size = Math.abs(ms);
  if (size < 1) return `${Number(ms.toPrecision(2))} ms`;
  if (size < 10) return `${ms.toFixed(2)} ms`;
  if (size < 100) return `${ms.toFixed(1)} ms`;
  if (size < 1_000) return `${ms.toFixed(0)} ms`;
  if (size < 120_000) return `${(ms / 1_000).toFixed(2)} s`;
  return lengthOfTime(ms);
}

function percentage(share: number): string {
  const percent = share * 100;
  const size = Math.abs(percent);
  if (size > 0 && size < 0.001) return `${percent < 0 ? '> −' : '< '}0.001 %`;
  return `${percent.toFixed(size === 0 || size >= 0.1 ? 1 : 3)} %`;
}

function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
  let value = count;
  let at = 0;
  while (Math.abs(value) >= 1_024 && at < units.length - 1) {
    value /= 1_024;
    at++;
  }
  return `${at === 0 ? grouped(value, 0) : value.toFixed(value < 10 ? 2 : 1)} ${units[at]}`;
}

function digits(value: number): number {
  if (Number.isInteger(value)) return 0;
  const size = Math.abs(value);
  if (size >= 100) return 0;
  return size >= 10 ? 1 : 2;
}

/** Groups digits in threes, with commas. */
function grouped(value: number, decimals: number): string {
  const [whole = '', part] = value.toFixed(decimals).split('.');
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return part === undefined ? groups : `${groups}.${part}`;
}
