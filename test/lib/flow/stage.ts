import { figuresOfSummary, outcomeTable } from '../../../contract/figures.ts';
import { encodeInventory } from '../../../contract/inventory.ts';
import type { Inventory } from '../../../contract/inventory.ts';
import { run } from '../../../engine/run.ts';
import type { SimulatorSettings } from '../../../simulator/settings.ts';
import { startSimulator } from '../../../simulator/simulator.ts';
import type { SimulatorCounts } from '../../../simulator/wire/admin-api.ts';
import { inTime } from '../../late-machine.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Think time is shortened only so far that a busy machine cannot turn an approval into a timeout. */
const TIME_SCALE = { many: 0.25, few: 0.1 };

/** Plays all users of an inventory once with dist/smoke.js against a simulator of their own, over real HTTP; `accounts`: what it knows. */
export function play(
  inventory: Inventory,
  env: Record<string, string> = {},
  settings: Partial<SimulatorSettings> = {},
  accounts: Inventory = inventory,
  onUrl: (url: string) => void = () => undefined,
) {
  return inTime(
    inventory.users.length > 100 ? TIME_SCALE.many : TIME_SCALE.few,
    (timeScale) => playAt(timeScale, inventory, env, settings, accounts, onUrl),
    ({ result, failures }) => (failures.length === 0 ? undefined : result.ownDelay),
  );
}

async function playAt(
  timeScale: number,
  inventory: Inventory,
  env: Record<string, string>,
  settings: Partial<SimulatorSettings>,
  accounts: Inventory,
  onUrl: (url: string) => void,
) {
  const simulator = await startSimulator({
    inventory: accounts,
    port: 0,
    latency: 'off',
    workers: 0,
    timeScale,
    ...settings,
  });
  onUrl(simulator.url);
  const folder = mkdtempSync(join(tmpdir(), 'pairstorm-journey-'));
  try {
    const file = join(folder, 'inventory.json');
    writeFileSync(file, encodeInventory(inventory));
    const failures: string[] = [];
    const result = await run({
      bundlePath: 'dist/smoke.js',
      // As the command says of our bundles, whose calls test/bundles looks at.
      knownCalls: true,
      env: {
        PF_BASE_URL: simulator.url,
        INVENTORY: file,
        TIME_SCALE: String(timeScale),
        FLOWS: String(inventory.users.length),
        VUS: String(Math.min(150, inventory.users.length)),
        ...env,
      },
      // Whether this machine keeps up is decided by inTime.
      allowInvalid: true,
      onConsole: (_level, line) => {
        if (!isOfSetup(line)) failures.push(line);
      },
    });
    const counts = (await (await fetch(`${simulator.url}/admin/counts`)).json()) as SimulatorCounts;
    return { result, counts, failures, table: outcomeTable(figuresOfSummary(result.summary)) };
  } finally {
    await simulator.close();
    rmSync(folder, { recursive: true });
  }
}

/** What setup says aloud of every run. */
export function isOfSetup(line: string): boolean {
  return line.startsWith('accounts reset: ');
}

/** Flows by kind and outcome as an inventory prescribes them. */
export function prescribed({ users }: Inventory): Record<string, Record<string, number>> {
  const table: Record<string, Record<string, number>> = {};
  for (const { kind, prescribed } of users) {
    const row = (table[kind] ??= {});
    row[prescribed] = (row[prescribed] ?? 0) + 1;
  }
  return table;
}
