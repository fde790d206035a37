const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.(\d{1,12}))?(?:[Zz]|[+-]\d\d:\d\d)$/;

/**
 * A time in RFC 3339, with any number of decimals and any zone, as Unix milliseconds with decimals; NaN for what is none.
 * A double holds a quarter of a microsecond of today's times.
 */
export function unixTime(text: string): number {
  const match = RFC_3339.exec(text);
  if (match === null) return NaN;
  const fraction = match[1];
  if (fraction === undefined || fraction.length <= 3) return Date.parse(text);
  // Date.parse takes no more than milliseconds for sure.
  const dot = text.indexOf('.');
  const ms = Date.parse(text.slice(0, dot + 4) + text.slice(dot + 1 + fraction.length));
  return ms + Number(`0.${fraction.slice(3)}`);
}
