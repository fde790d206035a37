const UNITS = [
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
] as const;

/** Milliseconds as a person reads a length: seconds below two minutes, then minutes, then hours (`90 s`, `8 h 1 min`). */
export function lengthInWords(ms: number): string {
  if (ms < 120_000) return `${ms / 1000} s`;
  let left = ms;
  const parts: string[] = [];
  for (const unit of UNITS) {
    const whole = Math.floor(left / unit.ms);
    left -= whole * unit.ms;
    if (whole > 0) parts.push(`${whole} ${unit.name}`);
  }
  if (left > 0) parts.push(`${left / 1000} s`);
  return parts.join(' ');
}
