import type { ExposedSample } from '../../catalogue/target-metrics.ts';

/** A sample: name, labels, value; a timestamp is ignored. */
const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?\s*$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"/gy;
const BETWEEN = /\s*,?\s*/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

/**
 * Parses the Prometheus text format (https://prometheus.io/docs/instrumenting/exposition_formats/) without comments.
 * Invalid lines and non-finite values are skipped: one broken exporter must not hide the rest.
 */
export function readExposition(text: string): ExposedSample[] {
  return text.split('\n').flatMap((line): ExposedSample[] => {
    const [, name, labels, value] = LINE.exec(line.trim()) ?? [];
    const number = Number(value);
    if (name === undefined || !Number.isFinite(number)) return [];
    const read = labelsOf(labels ?? '');
    return read === undefined ? [] : [{ name, labels: read, value: number }];
  });
}

function labelsOf(text: string): Readonly<Record<string, string>> | undefined {
  const found: [string, string][] = [];
  let at = 0;
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  next(BETWEEN);
  while (at < text.length) {
    const match = next(LABEL);
    if (match === null) return undefined;
    found.push([match[1]!, match[2]!.replace(/\\(.)/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped)]);
    next(BETWEEN);
  }
  return Object.fromEntries(found);
}
