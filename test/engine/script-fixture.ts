import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { GeneratorMetric } from '../../catalogue/metrics.ts';
import type { NumberedInterval, SeriesName } from '../../contract/series-counts.ts';
import { run } from '../../engine/run.ts';
import type { RunResult } from '../../engine/result.ts';
import type { RunOptions } from '../../engine/run-options.ts';

/** What a run left behind, and what it said on the way. */
export interface ScriptRun extends RunResult {
  /** Console lines of the script. */
  readonly said: readonly string[];
  readonly warnings: readonly string[];
}

/** Writes a script to a folder of its own; other files may lie beside it. */
export function writeScript(source: string, beside: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'pairstorm-engine-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(beside)) writeFileSync(join(folder, name), content);
  const path = join(folder, 'script.js');
  writeFileSync(path, source);
  return path;
}

/**
 * What all runs are played with: a machine that is busy with other tests makes a run invalid, and only tests about that
 * say `allowInvalid: false`.
 */
export const ON_ANY_MACHINE = { allowInvalid: true } as const;

/** Whether a warning is none of the run's own making. */
export function ofTheMachine(line: string): boolean {
  return line.startsWith('invalid, but allowed: the load generator');
}

/** Runs a script from a real file. */
export async function runScript(
  source: string,
  options: Partial<RunOptions> = {},
  beside: Readonly<Record<string, string>> = {},
): Promise<ScriptRun> {
  const said: string[] = [];
  const warnings: string[] = [];
  const result = await run({
    bundlePath: writeScript(source, beside),
    env: {},
    onConsole: (_level, line) => said.push(line),
    ...ON_ANY_MACHINE,
    onWarning: (line) => {
      if (!ofTheMachine(line) || options.allowInvalid !== undefined) warnings.push(line);
    },
    ...options,
  });
  return { ...result, said, warnings };
}

/** A counter of the load generator over all intervals, by the values of its tags. */
export function countsOf(intervals: readonly NumberedInterval[], wanted: GeneratorMetric): Record<string, number> {
  const names = new Map<number, SeriesName>();
  const found: Record<string, number> = {};
  for (const { named, recorded } of intervals) {
    for (const { number, ...name } of named) names.set(number, name);
    for (const [number, counts] of recorded) {
      const { metric, tags } = names.get(number)!;
      if (metric !== wanted || !('sum' in counts)) continue;
      const key = Object.values(tags).join(' ');
      found[key] = (found[key] ?? 0) + counts.sum;
    }
  }
  return found;
}

/** A target on a free port of this machine; gives its base URL. */
export async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A count or other value of a metric in the summary. */
export function value(result: RunResult, metric: string, of: string): number | undefined {
  return result.summary.metrics[metric]?.values[of];
}
