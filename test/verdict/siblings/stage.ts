import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { decodeInventory, encodeInventory } from '../../../contract/inventory.ts';
import type { Inventory, InventoryUser } from '../../../contract/inventory.ts';
import { startSimulator } from '../../../simulator/simulator.ts';
import type { SimulatorSettings } from '../../../simulator/settings.ts';
import { emptyFolder, writeInventory } from '../../cli/command.ts';
import { startBridge } from '../../lib/device/reference-bridge.ts';
import type { Played } from '../played.ts';

/** `npm run check:verdict` plays them: some take minutes. */
const ASKED = process.env['VERDICT_SIBLINGS'] === '1';
if (!ASKED) console.warn('the siblings of rows.test.ts are skipped: npm run check:verdict plays them');

export const folder: string = emptyFolder();
export const INVENTORY: string = join(folder, 'people.json');
export const NO_LATENCY: readonly string[] = ['--simulator-option', 'latency=off'];
/** Runs that are not about a slow load generator, on a machine that may be busy. */
export const CALM: readonly string[] = ['--allow-invalid', ...NO_LATENCY];
export const FAST = { INVENTORY, TIME_SCALE: '0.05' } as const;
/** What is closed when all tests of a file have ended: some of them are played at the same time. */
export const closing: (() => Promise<void> | void)[] = [];

/** Siblings of the rows of rows.test.ts: a file of them waits for runs while others do, each for its own. */
export function siblings(title: string, tests: () => void): void {
  describe.skipIf(!ASKED)(`Siblings of what was met: ${title}`, { timeout: 300_000 }, () => {
    beforeAll(() => writeInventory(INVENTORY, 800, 3));
    afterAll(async () => {
      for (const close of closing.splice(0)) await close();
    });
    tests();
  });
}

/** A simulator before which nothing stands. */
export async function deployed(inventory: Inventory, more: Partial<SimulatorSettings> = {}): Promise<string> {
  const simulator = await startSimulator({ inventory, port: 0, latency: 'off', workers: 0, ...more });
  closing.push(() => simulator.close());
  return simulator.url;
}

/** A bridge that cannot put accounts back, as with real phones. */
export async function phones(url: string): Promise<Readonly<Record<string, string>>> {
  const bridge = await startBridge(`${url}/phone`, { can: ['payload', 'pair', 'fail_pairing', 'decide', 'code'] });
  closing.push(() => bridge.close());
  return { DEVICE_DRIVER: 'bridge', BRIDGE_URL: bridge.url };
}

/** Writes an inventory and gives its path. */
export function written(inventory: Inventory): string {
  const path = join(emptyFolder(), 'inventory.json');
  writeFileSync(path, encodeInventory(inventory));
  return path;
}

/** The users of the common inventory whom `only` takes, changed. */
export function crowd(only: (user: InventoryUser) => boolean, change: Partial<InventoryUser> = {}): Inventory {
  const all = decodeInventory(readFileSync(INVENTORY, 'utf8'), INVENTORY);
  return { ...all, users: all.users.filter(only).map((user) => ({ ...user, ...change })) };
}

/** Users who sign in by push or passcode, without a pairing, and are let in. */
export function willing(): Inventory {
  return crowd(({ kind, prescribed }) => ['F7', 'F10'].includes(kind) && prescribed === 'authenticated');
}

/** A gate that says no is said to be closed by everything that a pipeline reads. */
export function expectRed({ code, run, result, file }: Played, exit = 99): void {
  expect([code, run.end?.exitCode, result.exitCode]).toEqual([exit, exit, exit]);
  expect(file('junit.xml')).toMatch(/<(failure|error) /);
  expect(file('report.md')).toMatch(/^### (❌|⚠️)/u);
  expect(file('report.html')).not.toContain('class="verdict pass"');
}

/** A gate that opens says so everywhere. */
export function expectGreen({ code, said, run, result, file }: Played): void {
  expect([code, run.end?.exitCode, result.exitCode], said).toEqual([0, 0, 0]);
  expect(file('junit.xml')).not.toMatch(/<(failure|error)[ >]/);
  expect(file('report.md')).toMatch(/^### ✅/);
  expect(file('report.html')).toContain('class="verdict pass"');
}
