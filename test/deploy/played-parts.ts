import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plannedLoad } from '../../cli/planned-load.ts';
import { readInventoryFile } from '../../cli/read-inventory.ts';
import { factsOf } from '../../lib/population/human-duration.ts';
import { readSettings } from '../../lib/settings.ts';
import { SeriesTotals } from '../../contract/series-totals.ts';
import { openRecord } from '../../record/read-record.ts';
import type { StoredRecord } from '../../record/read-record.ts';
import { ADMIN_PATHS } from '../../simulator/wire/admin-api.ts';
import type { SimulatorCounts } from '../../simulator/wire/admin-api.ts';
import { pairstorm, start } from '../cli/command.ts';
import type { Ended, Running } from '../cli/command.ts';

/** The users of the package. */
export const INVENTORY = fileURLToPath(new URL('../../dist/inventory.json', import.meta.url));

/** A run of `load` that machines play together. */
export interface PlayedTogether {
  readonly cwd: string;
  readonly settings: readonly string[];
  readonly testid: string;
  readonly store: string;
  readonly env: Readonly<Record<string, string>>;
  readonly startAt: string;
  readonly of: number;
}

/** A machine that may be busy is no bad generator here. */
const CALM = ['--workers', '0', '--allow-invalid', '--quiet'];

/** Starts a part with a results folder of its own. */
export function startPart(
  index: number,
  { cwd, settings, testid, store, env, startAt, of }: PlayedTogether,
  further: readonly string[] = [],
  otherEnv: Readonly<Record<string, string>> = {},
): Running {
  const args = ['run', 'load', ...settings.flatMap((setting) => ['-e', setting]), ...CALM];
  const part = ['--part', `${index}/${of}`, '--start-at', startAt, '--tag', `testid=${testid}`, '--push', store];
  return start(cwd, [...args, ...part, '--results', `part-${index}`, ...further], { ...env, ...otherEnv });
}

export const endedAll = (parts: readonly Running[]): Promise<readonly Ended[]> =>
  Promise.all(parts.map(({ ended }) => ended));

/** Merges what is in a store. */
export function mergePulled(
  { cwd, store, testid, of, env }: PlayedTogether,
  further: readonly string[] = [],
): Promise<Ended> {
  const args = ['merge', '--parts', String(of), '--pull', store, '--testid', testid, '--results', 'merged'];
  return pairstorm(cwd, [...args, ...further], env);
}

/** The latest record of a results folder. */
export function recordIn(folder: string): StoredRecord {
  return openRecord(join(folder, readdirSync(folder).sort().at(-1)!));
}

export async function totalsOf(record: StoredRecord): Promise<SeriesTotals> {
  const totals = new SeriesTotals();
  for await (const interval of record.intervals()) totals.add(interval);
  return totals;
}

/** A time in some milliseconds, as `--start-at` takes it. */
export const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** How many flows a run of `load` with these settings plans to start, by the code that plans it. */
export function plannedStarts({ settings }: Pick<PlayedTogether, 'settings'>): number {
  const { users, seed } = readInventoryFile(INVENTORY);
  const env = Object.fromEntries(settings.map((setting) => setting.split('=') as [string, string]));
  const read = readSettings(env, 'load');
  const { planned } = plannedLoad({ ...read, seed: read.seed ?? seed }, factsOf(users, read))!;
  return Object.values(planned).reduce((sum, starts) => sum + starts, 0);
}

/** What the simulator counted. */
export async function countsOf(url: string): Promise<SimulatorCounts> {
  return (await (await fetch(url + ADMIN_PATHS.counts)).json()) as SimulatorCounts;
}
