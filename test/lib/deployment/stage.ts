import { figuresOfSummary, outcomeTable } from '../../../contract/figures.ts';
import { encodeInventory } from '../../../contract/inventory.ts';
import type { Inventory } from '../../../contract/inventory.ts';
import { run } from '../../../engine/run.ts';
import type { RunOptions } from '../../../engine/run-options.ts';
import { makeInventory } from '../../../population/inventory.ts';
import type { SimulatorSettings } from '../../../simulator/settings.ts';
import { startSimulator } from '../../../simulator/simulator.ts';
import type { SimulatorCounts } from '../../../simulator/wire/admin-api.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Think time is shortened, the simulator's lifetimes are not: a busy machine cannot turn an approval into a timeout. */
const TIME_SCALE = 0.1;

/** Where a test plays: a simulator, and a folder for its files. */
export interface Stage {
  readonly url: string;
  readonly phone: string;
  /** Writes a file and gives its path. */
  readonly file: (name: string, content: string) => string;
  /** Plays dist/smoke.js with these settings; the inventory is that of the stage unless INVENTORY says otherwise. */
  readonly play: (env: Record<string, string>, more?: Partial<RunOptions>) => Promise<Played>;
  readonly counts: () => Promise<SimulatorCounts>;
}

/** What a run came to. */
export interface Played {
  readonly result: Awaited<ReturnType<typeof run>>;
  readonly table: ReturnType<typeof outcomeTable>;
  /** Outcomes that occurred, of whatever kind. */
  readonly outcomes: readonly string[];
  readonly lines: readonly string[];
}

/** Gives a test a simulator of its own with the accounts of an inventory. */
export async function onStage<T>(
  inventory: Inventory,
  test: (stage: Stage) => Promise<T>,
  settings: Partial<SimulatorSettings> = {},
): Promise<T> {
  const simulator = await startSimulator({
    inventory,
    port: 0,
    latency: 'off',
    workers: 0,
    ...settings,
  });
  const folder = mkdtempSync(join(tmpdir(), 'pairstorm-deployment-'));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const users = String(inventory.users.length);
  const defaults = {
    ...{
      PF_BASE_URL: simulator.url,
      TIME_SCALE: String(TIME_SCALE),
      PUSH_DECIDED_BY: 'poll',
      FLOWS: users,
      VUS: users,
    },
    INVENTORY: file('inventory.json', encodeInventory(inventory)),
  };
  try {
    return await test({
      url: simulator.url,
      phone: `${simulator.url}/phone`,
      file,
      counts: async () => (await (await fetch(`${simulator.url}/admin/counts`)).json()) as SimulatorCounts,
      play: async (env, more = {}) => {
        const lines: string[] = [];
        const result = await run({
          bundlePath: 'dist/smoke.js',
          // As the command says of our bundles, whose calls test/bundles looks at.
          knownCalls: true,
          env: { ...defaults, ...env },
          // Whether this machine keeps up is not what these tests are about.
          allowInvalid: true,
          onConsole: (_level, line) => lines.push(line),
          ...more,
        });
        const table = outcomeTable(figuresOfSummary(result.summary));
        const outcomes = [...new Set(Object.values(table.outcomes).flatMap((row) => Object.keys(row)))];
        return { result, table, outcomes, lines };
      },
    });
  } finally {
    await simulator.close();
    rmSync(folder, { recursive: true });
  }
}

/** An inventory with one user of each variant, of some kinds. */
export function people(...kinds: readonly string[]): Inventory {
  const inventory = makeInventory({ users: 60, seed: 21, version: 'test' });
  return { ...inventory, users: inventory.users.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind)) };
}
