const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Milliseconds of a duration as k6 writes it (`1h30m`, `90s`, `500ms`), or `undefined` if it is none. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(text)) return undefined;
  let total = 0;
  for (const part of text.match(/\d+(\.\d+)?(h|ms|m|s)/g) ?? []) {
    const unit = /[a-z]+$/.exec(part)![0];
    total += Number(part.slice(0, -unit.length)) * UNIT_MS[unit]!;
  }
  return total;
}

/** Milliseconds as a duration that both hosts read, in whole milliseconds. */
export function formatDuration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${Math.round(ms)}ms`;
}
