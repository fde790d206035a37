/** Shown instead of a number where nothing was measured. */
export const NO_VALUE = '–';

/** `1:02:03` or `4:05`. */
export function elapsedText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Milliseconds in at most eight characters: `0.42 ms`, `12.3 ms`, `137 ms`, `1.24 s`, `125 s`. */
export function msText(ms: number | undefined): string {
  if (ms === undefined) return NO_VALUE;
  if (ms < 9.995) return `${ms.toFixed(2)} ms`;
  if (ms < 99.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${ms.toFixed(0)} ms`;
  const seconds = ms / 1000;
  if (seconds < 99.995) return `${seconds.toFixed(2)} s`;
  return seconds < 1e6 ? `${seconds.toFixed(0)} s` : `${seconds.toExponential(0)} s`;
}

/** A share as a percentage; a tiny one is never shown as 0. */
export function sharePercent(share: number | undefined): string {
  if (share === undefined) return NO_VALUE;
  const digits = share > 0 && share < 0.0005 ? 3 : 1;
  const text = (share * 100).toFixed(digits);
  return `${share > 0 && Number(text) === 0 ? '<0.001' : text} %`;
}

/** At most seven characters: `19.8`, `1234`, `1.2e+9`. */
export function ratePerSecond(rate: number): string {
  if (rate < 999.95) return rate.toFixed(1);
  return rate < 1e7 ? rate.toFixed(0) : rate.toExponential(1);
}
