import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeInventory } from '../contract/inventory.ts';
import { makeInventory } from '../population/inventory.ts';
import { script } from './child-process.ts';

/** The parts of `result.json` and `summary.json` of `pairstorm run` that a bench reads. */
interface ProductRun {
  readonly verdict: string;
  readonly reason?: string;
  readonly flows: number;
  readonly ownDelay: {
    readonly startLag: { readonly p99Ms: number; readonly maxMs: number } | null;
    readonly cpuCores: number;
  } | null;
  readonly dropped: number;
}

/** Seconds after which a user may be replayed, with margin: the longest flow of the default mix takes less. */
const REUSE_SECONDS = 60;

/**
 * Runs the command as a user does: `pairstorm run load` with its own simulator in a separate process, latency off.
 * `watch` gets the started process. `workers`: its worker threads, if not the default. Think time, flow mix and other settings are the defaults.
 */
export async function productRun(
  rate: number,
  seconds: number,
  { watch, workers }: { readonly watch?: (child: ChildProcess) => void; readonly workers?: number } = {},
): Promise<ProductRun> {
  const folder = mkdtempSync(join(tmpdir(), 'pairstorm-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const inventory = join(folder, 'inventory.json');
  writeFileSync(inventory, encodeInventory(makeInventory({ users: rate * REUSE_SECONDS, seed: 7, version: 'bench' })));
  const results = join(folder, 'results');
  mkdirSync(results);
  const child = spawn(
    process.execPath,
    [
      ...[script('../cli/pairstorm.js'), 'run', 'load', '--json', '--results', results, '--allow-invalid'],
      ...(workers === undefined ? [] : ['--workers', String(workers)]),
      ...['--simulator-option', 'latency=off', '--simulator-option', 'workers=0'],
      ...['-e', `RATE=${rate}`, '-e', 'RAMP=0s', '-e', `DURATION=${seconds}s`, '-e', `INVENTORY=${inventory}`],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  // SIGTERM ends the command and its simulator cleanly.
  const stop = (): void => void child.kill('SIGTERM');
  process.once('exit', stop);
  watch?.(child);
  await new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
  process.removeListener('exit', stop);
  const [run] = readdirSync(results);
  if (run === undefined) throw new Error('the run left no results: see above');
  const read = (name: string): unknown => JSON.parse(readFileSync(join(results, run, name), 'utf8'));
  const { metrics } = read('summary.json') as { metrics: Record<string, { values: { count?: number } } | undefined> };
  const dropped = metrics['dropped_iterations']?.values.count ?? 0;
  return { ...(read('result.json') as Omit<ProductRun, 'dropped'>), dropped };
}
