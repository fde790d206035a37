import { test } from 'k6/execution';
import type { Options } from 'k6/options';
import { formatDuration } from '../contract/duration.ts';
import { identityOf } from '../contract/inventory.ts';
import type { InventoryUser } from '../contract/inventory.ts';
import { checkPlan } from './plan-checks.ts';
import { playedPlan } from './played-plan.ts';
import { demandsOf } from './population/demands.ts';
import { factsOf } from './population/human-duration.ts';
import { readInventory } from './population/inventory.ts';
import { preflight } from './preflight.ts';
import type { RunData } from './preflight.ts';
import { readPayloads } from './read-file.ts';
import { resetAccounts, resetTimeoutMs } from './reset-accounts.ts';
import type { PlannedRun, RunPlan } from './run-plan.ts';
import { clientCertificate } from './secret-files.ts';
import { settingsOfTool } from './single-flow.ts';
import { targetOf } from './target.ts';

/** Plans the flows of a script of unknown load: any user may come. Init code only. Throws a ConfigurationError. */
export function planFlows(): PlannedRun {
  const settings = settingsOfTool(__ENV, []);
  const target = targetOf(settings);
  const inventory = readInventory(settings.inventory);
  const { users } = inventory;
  const payloads = settings.driver === 'file' ? readPayloads(settings.payloads) : [];
  const demands = demandsOf(users, users.length, settings.limits);
  // The script decides how many flows there are, so limits are enforced flow by flow.
  checkPlan({ settings, demands, turns: 1, users: users.length, payloads: payloads.length });
  const real = settings.driver !== 'simulated';
  const plan = { settings, target, facts: factsOf(users, settings), inventory: identityOf(inventory) };
  const resets = !real || demands.changing.length > 0;
  const run = { ...plan, offsets: {}, turns: users.length, limit: real ? demands.limit : null, resets };
  return { run, played: playedPlan(run), users, demands, payloads };
}

/** k6 options for flows with these settings. Init code only. */
export function optionsOf({ settings }: RunPlan, users: number): Options {
  return {
    insecureSkipTLSVerify: settings.tlsSkipVerify,
    noVUConnectionReuse: settings.connections === 'per-flow',
    setupTimeout: formatDuration(30_000 + resetTimeoutMs(settings, users)),
    userAgent: 'pairstorm',
    ...clientCertificate(settings),
  };
}

/** Checks the target and resets the users' accounts. Throws a ConfigurationError. */
export async function prepare(run: RunPlan, users: ArrayLike<InventoryUser>): Promise<RunData> {
  const { settings, target, turns } = run;
  const demands = demandsOf(Array.from(users), turns, settings.limits);
  const { resets, ...data } = await preflight({ ...run, demands, cut: undefined, options: test.options });
  const { executionSegment } = test.options as { readonly executionSegment?: unknown };
  const reset = { run: data.run, settings, device: target.device, users, planned: turns };
  if (resets) await resetAccounts(reset, executionSegment);
  return data;
}
