import type { SampleTap } from '../metrics/metric.ts';
import { Guard } from './guarded.ts';
import type { OutputTarget } from './output-target.ts';
import { formatOf, lineTap } from './sample-format.ts';

/** Characters that are put together before they are handed over. */
const CHUNK = 64 * 1024;

/** Lines of one output, written in another thread than the one that owns the file. */
export interface SampleChunk {
  /** Which of the run's outputs. */
  readonly output: number;
  readonly lines: number;
  readonly text: string;
  /** Metrics that have their first sample of this thread here. */
  readonly metrics: readonly string[];
  /** Why this output cannot go on, the first time that something fails in it here. */
  readonly broken?: string;
}

/** Samples on their way to the thread that writes them. */
export interface SampleForwarding {
  readonly tap: SampleTap;
  /** Hands over what has gathered. */
  readonly flush: () => void;
}

/** Formats samples here and hands them over in chunks; the other side is `SampleOutputs.write`. */
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
