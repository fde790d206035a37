import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { DEFAULT_DRIFT_SETTINGS } from '../analysis/drift/series.ts';
import type { DriftSettings } from '../analysis/drift/series.ts';
import type { DriftRules } from '../record/analysis-rules.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { durationFlag, percentageAbove0 } from './flag-values.ts';
import type { Script } from './script.ts';

export interface DriftFlags {
  readonly driftLimit?: number;
  readonly horizon?: number;
  readonly skip?: number;
  readonly driftClock?: number;
}

const HOUR_MS = 3_600_000;
/** One hour per second: the shortest bin allows no faster clock. */
const FASTEST_CLOCK = 3_600;

/** Adds the drift flags in a help group of their own. */
export function addDriftFlags(command: Command, group: string): void {
  const add = (flags: string, text: string, parse: (value: string) => unknown): void =>
    void command.addOption(new Option(flags, text).argParser(parse).helpGroup(group));
  add('--drift-limit <percent>', 'change over the horizon that matters (default: 10)', percentageAbove0);
  add('--horizon <time>', 'time over which the limit holds (default: 24h)', horizon);
  add('--skip <time>', 'leave out the start (default: 10m, or 5 % of a longer run)', durationFlag('--skip'));
  add('--drift-clock <n>', 'how many minutes pass in a minute; with the simulator only (default: 1)', clock);
}

function hasDriftFlags({ driftLimit, horizon, skip, driftClock }: DriftFlags): boolean {
  return [driftLimit, horizon, skip, driftClock].some((value) => value !== undefined);
}

/** Rules from the flags; falls back to those the run was started with, then to the defaults. */
export function driftRulesOf(flags: DriftFlags, before?: DriftRules): DriftRules {
  const skipSeconds = flags.skip === undefined ? before?.skipSeconds : flags.skip / 1_000;
  return {
    limit: flags.driftLimit ?? before?.limit ?? DEFAULT_DRIFT_SETTINGS.limit,
    horizonHours:
      flags.horizon === undefined
        ? (before?.horizonHours ?? DEFAULT_DRIFT_SETTINGS.horizonHours)
        : flags.horizon / HOUR_MS,
    ...(skipSeconds === undefined ? {} : { skipSeconds }),
    clock: flags.driftClock ?? before?.clock ?? 1,
  };
}

/** Drift rules of a run; undefined if drift is not judged. Throws a ConfigurationError for flags that do not apply. */
export function driftRulesOfRun(script: Script, flags: DriftFlags, simulated: boolean): DriftRules | undefined {
  if (!script.builtIn || script.name !== 'soak') {
    if (!hasDriftFlags(flags)) return undefined;
    throw new ConfigurationError(
      `--drift-limit, --horizon, --skip and --drift-clock apply to soak, not to ${script.name}; "pairstorm drift FOLDER" judges the record of any run`,
    );
  }
  if (flags.driftClock !== undefined && !simulated)
    throw new ConfigurationError(
      '--drift-clock needs the simulator of this run: a real deployment has no faster hours',
    );
  return driftRulesOf(flags);
}

/** Converts rules to settings of the drift test. */
export function driftSettingsOf({ limit, horizonHours, skipSeconds }: DriftRules): DriftSettings {
  return {
    ...DEFAULT_DRIFT_SETTINGS,
    limit,
    horizonHours,
    ...(skipSeconds === undefined ? {} : { skipSeconds }),
  };
}

function horizon(text: string): number {
  const ms = durationFlag('--horizon')(text);
  if (ms <= 0) throw new InvalidArgumentError('Write a time above 0, such as 24h.');
  return ms;
}

function clock(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value < 1 || value > FASTEST_CLOCK)
    throw new InvalidArgumentError(`Write a number from 1 to ${FASTEST_CLOCK}, such as 60.`);
  return value;
}
