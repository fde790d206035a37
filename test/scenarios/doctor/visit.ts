import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeInventory } from '../../../contract/inventory.ts';
import type { Inventory, InventoryUser } from '../../../contract/inventory.ts';
import { CHECK_PREFIX, decodeCheck } from '../../../scenarios/doctor/line.ts';
import type { Check, CheckName } from '../../../scenarios/doctor/line.ts';
import { run } from '../../../engine/run.ts';
import type { SimulatorSettings } from '../../../simulator/settings.ts';
import { startSimulator } from '../../../simulator/simulator.ts';
import type { SimulatorCounts } from '../../../simulator/wire/admin-api.ts';
import type { Front } from '../../lib/deployment/front.ts';
import { people } from '../../lib/deployment/stage.ts';

/** Where a bundle of dist/tools/ is played. */
interface Place {
  readonly inventory?: Inventory;
  /** What the simulator knows, if not the same. */
  readonly accounts?: Inventory;
  readonly env?: Readonly<Record<string, string>>;
  readonly settings?: Partial<SimulatorSettings>;
  /** A server that stands before the simulator. */
  readonly before?: (url: string) => Promise<Front>;
  readonly tool?: 'doctor' | 'trace';
}

/** Plays dist/tools/doctor.js, or trace.js, against a simulator of its own, over real HTTP. */
export async function visit({
  inventory = people('F7', 'F10'),
  accounts = inventory,
  env = {},
  settings = {},
  before,
  tool = 'doctor',
}: Place) {
  const simulator = await startSimulator({
    ...{ inventory: accounts, port: 0, latency: 'off', workers: 0, timeScale: 0.1 },
    // No lifetime decides what comes of a flow on a busy machine.
    ...{ pushMs: 600_000, flowIdleMs: 600_000, otpMs: 600_000, codeMs: 600_000, ...settings },
  });
  const front = await before?.(simulator.url);
  const folder = mkdtempSync(join(tmpdir(), 'pairstorm-doctor-'));
  const INVENTORY = join(folder, 'inventory.json');
  writeFileSync(INVENTORY, encodeInventory(inventory));
  const lines: string[] = [];
  try {
    const result = await run({
      bundlePath: `dist/tools/${tool}.js`,
      // As the command says of our bundles, whose calls test/bundles looks at.
      knownCalls: true,
      env: { PF_BASE_URL: front?.url ?? simulator.url, INVENTORY, TIME_SCALE: '0.1', PUSH_DECIDED_BY: 'poll', ...env },
      allowInvalid: true,
      onConsole: (_level, line) => lines.push(line),
    });
    const counts = (await (await fetch(`${simulator.url}/admin/counts`)).json()) as SimulatorCounts;
    const checks = lines
      .filter((line) => line.startsWith(CHECK_PREFIX))
      .map((line) => decodeCheck(JSON.parse(line.slice(CHECK_PREFIX.length)), 'check'));
    return { result, counts, lines, checks, seen: front?.seen ?? [], patient: patientOf(checks, inventory) };
  } finally {
    front?.close();
    await simulator.close();
    rmSync(folder, { recursive: true });
  }
}

/** The user whom the second factor's line names. */
function patientOf(checks: readonly Check[], { users }: Inventory): InventoryUser | undefined {
  const found = checks.find(({ check }) => check === 'second_factor')?.found ?? '';
  return users[Number(/user (\d+)/.exec(found)?.[1])];
}

/** What is wrong, but for the round trip: on a busy machine that is slow without any cause. */
export function wrongIn(checks: readonly Check[]): [CheckName, string][] {
  return checks.flatMap(({ check, is, remedy = '' }) =>
    is === 'wrong' && check !== 'round_trip' ? [[check, remedy] as [CheckName, string]] : [],
  );
}
