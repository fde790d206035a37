import type { MetricKind, SeriesTotals } from '../../contract/series-totals.ts';
import { resolveSelector } from '../../contract/threshold-expression.ts';
import type { SampleTap } from '../metrics/metric.ts';
import type { RunThresholds } from '../metrics/thresholds.ts';
import { BoundedFile } from './bounded-file.ts';
import { Guard } from './guarded.ts';
import type { OutputTarget } from './output-target.ts';
import type { SampleChunk } from './sample-forwarding.ts';
import { formatOf, lineTap } from './sample-format.ts';
import { wellFormedTags } from './well-formed.ts';

/** The sample outputs of a run. */
export interface SampleOutputs {
  readonly tap: SampleTap;
  /** Writes a chunk formatted in another thread. */
  readonly write: (chunk: SampleChunk) => void;
  /** Writes the rest and warns about dropped lines. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the outputs of a run. Tags are those of the series: tag sets combined as `other` are written as such. Throws a
 * ConfigurationError if a file cannot be opened.
 */
export function openOutputs(
  targets: readonly OutputTarget[],
  systemTags: readonly string[],
  thresholds: RunThresholds,
  totals: SeriesTotals,
  warn: (line: string) => void,
): SampleOutputs {
  const outputs = targets.map(({ kind, file }) => {
    const name = `${kind}=${file}`;
    const format = formatOf(kind, systemTags);
    const lines = new BoundedFile(file, (reason) => warn(`--out ${name}: samples are dropped: ${reason}`));
    if (format.head !== '') lines.write(format.head);
    const guard = new Guard((reason) => warn(`--out ${name}: closed after an error: ${reason}`));
    return { name, format, lines, guard, known: new Set<string>() };
  });
  const introduce = ({ format, lines, known }: (typeof outputs)[number], metric: MetricKind): void => {
    if (known.has(metric.metric)) return;
    known.add(metric.metric);
    const writtenFor = (name: string) =>
      thresholds.all.filter(({ selector }) => selector === name).map(({ written }) => written);
    const submetrics = [...thresholds.selectors]
      .filter(([name, of]) => of.metric === metric.metric && name !== metric.metric)
      .map(([name]) => {
        const { tags } = resolveSelector(name, (known) => totals.metricOf(known)?.metric === known);
        const suffix = Object.entries(tags).map(([tag, value]) => `${tag}:${value}`);
        return { name, suffix: suffix.join(','), tags: wellFormedTags(tags), thresholds: writtenFor(name) };
      });
    const head = format.metricHead(metric, { own: writtenFor(metric.metric), submetrics });
    if (head !== '') lines.write(head);
  };
  return {
    write({ output, lines, text, metrics, broken }) {
      const to = outputs[output]!;
      if (broken !== undefined) to.guard.fail(broken);
      to.guard.do(() => {
        for (const name of metrics) introduce(to, totals.metricOf(name)!);
        to.lines.write(text, lines);
      });
    },
    tap: lineTap(outputs, (output, { name: metric, type, contains }, line) => {
      introduce(output, { metric, type, contains });
      output.lines.write(line);
    }),
    async close() {
      // Metrics with thresholds are listed even if they had no samples.
      for (const output of outputs)
        output.guard.do(() => {
          for (const { of } of thresholds.all) introduce(output, of);
        });
      await Promise.all(outputs.map(({ lines }) => lines.close()));
      for (const { name, lines } of outputs) {
        if (lines.dropped === 0) continue;
        warn(`--out ${name}: ${lines.dropped} of ${lines.lines} lines were dropped: ${lines.problem ?? ''}`);
      }
    },
  };
}
