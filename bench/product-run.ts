import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { script } from './child-process.ts';

/** What `pairstorm run` leaves in `result.json` and `summary.json`, as far as a bench reads it. */
export interface ProductRun {
  readonly verdict: string;
  readonly reason?: string;
  readonly flows: number;
  readonly ownDelay: {
    readonly startLag: { readonly p99Ms: number; readonly maxMs: number } | null;
    readonly cpuCores: number;
  } | null;
  readonly dropped: number;
}

/**
 * Runs the command as a user does: `pairstorm run load` with its own simulator in a process beside it, latency off.
 * `watch` gets the process once it is started. Human time and the rest of the settings are the defaults.
 */
export async function productRun(
  settings: Readonly<Record<string, string>>,
  watch: (child: ChildProcess) => void = () => undefined,
): Promise<ProductRun> {
  const results = mkdtempSync(join(tmpdir(), 'pairstorm-bench-'));
  const remove = (): void => rmSync(results, { recursive: true });
  process.once('exit', remove);
  const child = spawn(
    process.execPath,
    [
      ...[script('../cli/pairstorm.js'), 'run', 'load', '--json', '--results', results, '--allow-invalid'],
      ...['--simulator-option', 'latency=off', '--simulator-option', 'workers=0'],
      ...Object.entries(settings).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  // SIGTERM ends the command and its simulator in order.
  const stop = (): void => void child.kill('SIGTERM');
  process.once('exit', stop);
  watch(child);
  await new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
  process.removeListener('exit', stop);
  const [folder] = readdirSync(results);
  if (folder === undefined) throw new Error('the run left no results: see above');
  const read = (name: string): unknown => JSON.parse(readFileSync(join(results, folder, name), 'utf8'));
  const { metrics } = read('summary.json') as { metrics: Record<string, { values: { count?: number } } | undefined> };
  const dropped = metrics['dropped_iterations']?.values.count ?? 0;
  return { ...(read('result.json') as Omit<ProductRun, 'dropped'>), dropped };
}
