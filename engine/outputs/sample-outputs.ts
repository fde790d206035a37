import { performance } from 'node:perf_hooks';
import type { Metric, SampleTap } from '../metrics/metric.ts';
import type { Thresholds } from '../metrics/thresholds.ts';
import { BoundedFile } from './bounded-file.ts';
import type { OutputTarget } from './output-target.ts';
import { JSON_LINES, csvLines } from './sample-format.ts';

/** The outputs of a run while it runs. */
export interface SampleOutputs {
  readonly tap: SampleTap;
  /** Writes what is left and says what was dropped. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the outputs of a run. Tags are those of the series, so what a metric counts together as `other` is written so.
 * Throws a ConfigurationError for a file that cannot be opened.
 */
export function openOutputs(
  targets: readonly OutputTarget[],
  systemTags: readonly string[],
  thresholds: Thresholds,
  warn: (line: string) => void,
): SampleOutputs {
  const outputs = targets.map(({ kind, file }) => {
    const name = `${kind}=${file}`;
    const format = kind === 'json' ? JSON_LINES : csvLines(systemTags);
    const lines = new BoundedFile(file, (reason) => warn(`--out ${name}: samples are dropped: ${reason}`));
    if (format.head !== '') lines.write(format.head);
    return { name, format, lines, known: new Set<Metric>() };
  });
  return {
    tap(metric, tags) {
      const expressions = thresholds.all
        .filter(({ selector }) => selector === metric.name)
        .map(({ expression }) => expression.text);
      const writers = outputs.map((output) => {
        const { format, lines, known } = output;
        const lineOf = format.lineOf(metric, tags);
        return (unixMs: number, value: number): void => {
          if (!known.has(metric)) {
            known.add(metric);
            const head = format.metricHead(metric, expressions);
            if (head !== '') lines.write(head);
          }
          lines.write(lineOf(unixMs, value));
        };
      });
      return (value) => {
        const unixMs = performance.timeOrigin + performance.now();
        for (const write of writers) write(unixMs, value);
      };
    },
    async close() {
      await Promise.all(outputs.map(({ lines }) => lines.close()));
      for (const { name, lines } of outputs) {
        if (lines.dropped === 0) continue;
        warn(`--out ${name}: ${lines.dropped} of ${lines.lines} lines were dropped: ${lines.problem ?? ''}`);
      }
    },
  };
}
