import { EXTERNAL_FAULT } from '../catalogue/phases.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import type { Inventory } from '../contract/inventory.ts';
import { maskUrl } from '../contract/shown-text.ts';
import type { OptionLayer } from '../engine/consolidate.ts';
import { writtenDefault } from '../lib/settings.ts';
import type { Settings } from '../lib/settings.ts';
import { settingsOfScenario } from './banner.ts';
import { driftRulesOfRun } from './drift-flags.ts';
import type { DriftFlags } from './drift-flags.ts';
import { makeUsers, usersOfRun } from './enough-users.ts';
import { checkFaultFlags, hooksToCome } from './faults/fault-flags.ts';
import type { FaultFlags } from './faults/fault-flags.ts';
import { settleFiles, settleInventory } from './file-settings.ts';
import { refuseGroundOptions } from './ground-options.ts';
import { namingLeftOvers } from './left-over-settings.ts';
import type { LiveFlags } from './live-page/flags.ts';
import type { LingerFlag } from './metric-outputs.ts';
import { DIST } from './package.ts';
import type { PartFlags } from './part/part-flags.ts';
import { planLengthMs } from './planned-load.ts';
import { readInventoryFile } from './read-inventory.ts';
import type { RunStart } from './record/run-facts.ts';
import type { ReportFlags } from './report-run.ts';
import { checkRequestObject } from './request-to-come.ts';
import { resilienceRulesOfRun } from './resilience-flags.ts';
import type { ResilienceFlags } from './resilience-flags.ts';
import { givenIn, scriptEnvironment } from './script-environment.ts';
import { findScript } from './script.ts';
import type { Script } from './script.ts';
import { simulatorArguments } from './simulator-flags.ts';
import type { TargetMetricFlags } from './target-metrics/target-metrics.ts';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Flags of `pairstorm run`. */
export interface RunFlags
  extends ReportFlags, FaultFlags, ResilienceFlags, LingerFlag, DriftFlags, TargetMetricFlags, LiveFlags, PartFlags {
  readonly env?: readonly string[];
  readonly config?: string;
  readonly out?: readonly string[];
  readonly simulator?: true;
  readonly allowInvalid?: true;
  readonly simulatorOption?: readonly string[];
  readonly workers?: number;
  readonly sharedConnections?: number | true;
  readonly maxBodyMemory?: number;
  readonly interval?: number;
  readonly results: string;
  readonly dryRun?: true;
}

/** What a run is played with, all of it looked at. */
export interface Setup {
  readonly script: Script;
  readonly env: Record<string, string>;
  /** Of one of our scenarios. */
  readonly settings: Settings | undefined;
  readonly inventory: ({ readonly file: string } & Inventory) | undefined;
  readonly simulated: boolean;
  /** Further arguments of the simulator. */
  readonly simulatorArguments: readonly string[];
  /** How drift is judged, of a soak. */
  readonly drift: RunStart['drift'];
  /** How its faults are judged, of a run with faults. */
  readonly resilience: RunStart['resilience'];
  /** Folder with users that were made for it. */
  readonly made?: string;
}

/** Reads what a run is played with. Throws a ConfigurationError. */
export function setUp(nameOrFile: string, flags: RunFlags, layers: readonly OptionLayer[]): Setup {
  const script = findScript(nameOrFile);
  refuseGroundOptions(script, layers);
  const env = scriptEnvironment(script, flags.env ?? [], process.env);
  const simulated = needsSimulator(script, env, flags);
  checkFaultFlags(script, flags, env);
  if (script.builtIn) settleFiles(env);
  else if (simulated) settleInventory(env, script.path);
  const settings = namingLeftOvers({ script, env, pairs: flags.env ?? [] }, () =>
    settingsOfScenario(script, { ...env, ...hooksToCome(flags) }),
  );
  if (settings !== undefined) checkRequestObject(env, planLengthMs(settings));
  const inventory = script.builtIn || simulated ? inventoryOf(script, env) : undefined;
  const drift = driftRulesOfRun(script, flags, simulated);
  const faults = settings === undefined ? [] : settings.faultStartUrl === '' ? settings.faults : [EXTERNAL_FAULT];
  const resilience = resilienceRulesOfRun(script, flags, faults);
  const further = simulatorArguments([
    ...(flags.simulatorOption ?? []),
    ...(flags.driftClock === undefined ? [] : [`driftClock=${flags.driftClock}`]),
  ]);
  return { script, env, settings, inventory, simulated, simulatorArguments: further, drift, resilience };
}

/** The same with as many users as it needs, where its own simulator can have any: they are made, and go with it. */
export async function withUsers(
  setup: Setup,
  flags: RunFlags,
  needed: (settings: Settings, inventory: Inventory) => number = usersOfRun,
): Promise<Setup> {
  const { script, env, simulated, settings, inventory } = setup;
  if (!simulated || givenIn(env, 'INVENTORY') !== undefined || settings === undefined || inventory === undefined)
    return setup;
  const made = await makeUsers(needed(settings, inventory), inventory);
  if (made === undefined) return setup;
  env['INVENTORY'] = made.file;
  return {
    ...setup,
    settings: settingsOfScenario(script, { ...env, ...hooksToCome(flags) }),
    inventory: { file: made.file, ...made.inventory },
    made: made.folder,
  };
}

/** Whether the run starts a simulator. Throws a ConfigurationError for flags that cannot apply. */
function needsSimulator(script: Script, env: Readonly<Record<string, string>>, flags: RunFlags): boolean {
  const target = givenIn(env, 'PF_BASE_URL');
  const simulated = target === undefined && (script.builtIn || flags.simulator === true);
  if (flags.simulator && target !== undefined) {
    throw new ConfigurationError(
      `--simulator cannot be combined with PF_BASE_URL=${maskUrl(target)}; leave one of them out`,
    );
  }
  if (flags.simulatorOption !== undefined && !simulated) {
    const why =
      target === undefined
        ? `${script.name} does not start a simulator; add --simulator`
        : `PF_BASE_URL is ${maskUrl(target)}`;
    throw new ConfigurationError(`--simulator-option has no effect: ${why}`);
  }
  return simulated;
}

/**
 * The inventory that the script will open: the one that is given, or that of the package, which lies beside the bundle. Read here so
 * that its faults come first. A script of one's own may have one beside it.
 */
function inventoryOf(script: Script, env: Readonly<Record<string, string>>): { file: string } & Inventory {
  const given = givenIn(env, 'INVENTORY') ?? writtenDefault('INVENTORY');
  const beside = resolve(dirname(script.path), given);
  const file =
    !script.builtIn && givenIn(env, 'INVENTORY') === undefined && !existsSync(beside) ? join(DIST, given) : beside;
  return { file, ...readInventoryFile(file) };
}
