import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figuresOfSummary, outcomeTable } from '../../contract/figures.ts';
import { encodeInventory } from '../../contract/inventory.ts';
import type { Inventory } from '../../contract/inventory.ts';
import { monitorThread } from '../../engine/generator-health/monitor.ts';
import { TrendSeries } from '../../engine/metrics/series.ts';
import { run } from '../../engine/run.ts';
import type { Progress } from '../../engine/live-counts.ts';
import { sumOf } from '../../record/record-totals.ts';
import type { SimulatorSettings } from '../../simulator/settings.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { ADMIN_PATHS } from '../../simulator/wire/admin-api.ts';
import type { SimulatorCounts } from '../../simulator/wire/admin-api.ts';
import { inTime } from '../late-machine.ts';
import { runHost } from './host.ts';
import type { Counts } from './host.ts';

/**
 * Think time is shortened so far that a run takes seconds, and no further: between the latest approval and the end of its
 * push lie 4 s of think time, which must outlast the stalls of a busy machine.
 */
const TIME_SCALE = 0.12;

/** What a run of a bundle came to, in what two hosts must agree on. */
export interface Played {
  readonly iterations: number;
  /** Flows by kind and outcome. */
  readonly outcomes: Counts;
  /** Requests by step and HTTP status. */
  readonly requests: Counts;
  /** Of each custom metric: a counter's sum, a rate's passes and fails, a trend's number of samples. */
  readonly samples: Readonly<Record<string, unknown>>;
  /** What the simulator saw. */
  readonly record: SimulatorCounts;
}

/** Starts a simulator of its own for a run, and gives the settings under which a bundle finds it. */
async function withSimulator<T extends Omit<Played, 'record'>>(
  inventory: Inventory,
  env: Readonly<Record<string, string>>,
  play: (env: Readonly<Record<string, string>>) => Promise<T>,
  settings: Partial<SimulatorSettings> = {},
): Promise<T & { readonly record: SimulatorCounts }> {
  const { played } = await inTime(
    TIME_SCALE,
    async (timeScale) => {
      // The simulator shares this process: its event loop tells how late the machine was.
      const endMonitor = monitorThread({ generatorSeries: () => new TrendSeries({}), firstIterationAt: undefined });
      const played = await withSimulatorAt(timeScale, inventory, env, play, settings);
      return { played, ownDelay: { ...endMonitor(), startLag: null, cpuCores: 0 } };
    },
    ({ played, ownDelay }) => {
      const mismatch = played.samples['outcome_mismatch'] as { readonly passes: number } | undefined;
      return mismatch?.passes === 0 ? undefined : ownDelay;
    },
  );
  return played;
}

async function withSimulatorAt<T>(
  timeScale: number,
  inventory: Inventory,
  env: Readonly<Record<string, string>>,
  play: (env: Readonly<Record<string, string>>) => Promise<T>,
  settings: Partial<SimulatorSettings>,
): Promise<T & { readonly record: SimulatorCounts }> {
  const simulator = await startSimulator({ inventory, port: 0, latency: 'off', workers: 0, timeScale, ...settings });
  try {
    const file = join(mkdtempSync(join(tmpdir(), 'pairstorm-conformance-')), 'inventory.json');
    writeFileSync(file, encodeInventory(inventory));
    const played = await play({
      PF_BASE_URL: simulator.url,
      INVENTORY: file,
      TIME_SCALE: String(timeScale),
      PUSH_DECIDED_BY: 'poll',
      ...env,
    });
    const record = (await (await fetch(simulator.url + ADMIN_PATHS.counts)).json()) as SimulatorCounts;
    return { ...played, record };
  } finally {
    await simulator.close();
  }
}

/** Plays each user of an inventory once with a bundle on Sobek. */
export function playOnSobek(
  binary: string,
  bundle: string,
  inventory: Inventory,
  env: Readonly<Record<string, string>> = {},
  of: Partial<SimulatorSettings> = {},
): Promise<Played & { readonly thrown: number }> {
  const users = inventory.users.length;
  const flags = ['--bundle', `dist/${bundle}.js`, '--vus', String(Math.min(40, users)), '--iterations', String(users)];
  return withSimulator(
    inventory,
    env,
    async (settings) => {
      const tally = await runHost(binary, flags, settings);
      const { iterations, thrown, outcomes, requests, counters, rates, trends } = tally;
      return { iterations, thrown, outcomes, requests, samples: { ...counters, ...rates, ...trends } };
    },
    of,
  );
}

/** Plays each user of an inventory once with smoke, whose own plan says so, on the engine. */
export function playOnEngine(
  inventory: Inventory,
  env: Readonly<Record<string, string>> = {},
  of: Partial<SimulatorSettings> = {},
): Promise<Played> {
  const users = inventory.users.length;
  const plan = { FLOWS: String(users), VUS: String(Math.min(40, users)), ...env };
  return withSimulator(
    inventory,
    plan,
    async (settings) => {
      let last: Progress | undefined;
      const { summary, iterations } = await run({
        bundlePath: 'dist/smoke.js',
        // As the command says of our bundles, whose calls test/bundles looks at.
        knownCalls: true,
        env: settings,
        allowInvalid: true,
        onProgress: (progress) => (last = progress),
      });
      const requests: Record<string, Record<string, number>> = {};
      for (const { tags, total } of last!.metrics.breakdown('http_reqs', ['name', 'status'])) {
        (requests[tags['name']!] ??= {})[tags['status']!] = sumOf(total);
      }
      const samples = Object.entries(summary.metrics).map(([name, { type, values }]) => {
        const { passes, fails, count } = values;
        return [name, type === 'rate' ? { passes, fails } : count] as const;
      });
      return {
        iterations: iterations.completed,
        outcomes: outcomeTable(figuresOfSummary(summary)).outcomes,
        requests,
        samples: Object.fromEntries(samples),
      };
    },
    of,
  );
}

/** Flows by kind and outcome as an inventory prescribes them. */
export function prescribed({ users }: Inventory): Counts {
  const table: Record<string, Record<string, number>> = {};
  for (const { kind, prescribed } of users) {
    const row = (table[kind] ??= {});
    row[prescribed] = (row[prescribed] ?? 0) + 1;
  }
  return table;
}
