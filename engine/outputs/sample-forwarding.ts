import type { SampleTap } from '../metrics/metric.ts';
import { Guard } from './guarded.ts';
import type { OutputTarget } from './output-target.ts';
import { formatOf, lineTap } from './sample-format.ts';

/** Characters per message. */
const CHUNK = 64 * 1024;

/** Lines for one output, formatted in a thread that does not own the file. */
export interface SampleChunk {
  /** Index of the output. */
  readonly output: number;
  readonly lines: number;
  readonly text: string;
  /** Metrics with their first sample in this thread. */
  readonly metrics: readonly string[];
  /** Why this output is broken, on its first error in this thread. */
  readonly broken?: string;
}

/** Samples on their way to the writing thread. */
export interface SampleForwarding {
  readonly tap: SampleTap;
  /** Sends what is buffered. */
  readonly flush: () => void;
}

/** Formats samples here and posts them in chunks to `SampleOutputs.write`. */
export function forwardSamples(
  kinds: readonly OutputTarget['kind'][],
  systemTags: readonly string[],
  post: (chunk: SampleChunk) => void,
): SampleForwarding {
  const outputs = kinds.map((kind, output) => {
    const seen = new Set<string>();
    let text = '';
    let lines = 0;
    let metrics: string[] = [];
    const guard = new Guard((broken) => post({ output, lines: 0, text: '', metrics: [], broken }));
    return {
      guard,
      format: formatOf(kind, systemTags),
      write(metric: string, line: string): void {
        if (!seen.has(metric)) {
          seen.add(metric);
          metrics.push(metric);
        }
        text += line;
        lines++;
        if (text.length >= CHUNK) this.flush();
      },
      flush(): void {
        if (lines === 0) return;
        post({ output, lines, text, metrics });
        text = '';
        lines = 0;
        metrics = [];
      },
    };
  });
  return {
    tap: lineTap(outputs, (output, { name }, line) => output.write(name, line)),
    flush() {
      for (const output of outputs) output.flush();
    },
  };
}
