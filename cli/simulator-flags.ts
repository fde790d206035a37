import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { SIMULATOR_SETTINGS, settingProblem } from '../simulator/settings.ts';
import type { SimulatorSettings } from '../simulator/settings.ts';
import type { SettingModel } from '../simulator/settings/model.ts';
import { didYouMean } from '../contract/nearest.ts';

type SettingName = keyof SimulatorSettings;

/** The settings that fit on a command line: texts, numbers and yes/no. */
const NAMES = (Object.keys(SIMULATOR_SETTINGS) as SettingName[]).filter(
  (name) => typeof SIMULATOR_SETTINGS[name].default !== 'object',
);

/** Longest list of choices, in characters, that `--help` shows behind a flag's name. */
const LONGEST_CHOICES = 20;

/** What `run` decides itself for the simulator that it starts, and what to set instead. */
const DECIDED_BY_RUN: Readonly<Partial<Record<SettingName, string>>> = {
  host: 'it listens on 127.0.0.1',
  port: 'it takes a free port',
  timeScale: 'set TIME_SCALE',
};

/** `timeScale` → `time-scale`. */
function flagName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Adds a flag for each setting of the simulator's table, with its meaning and default. */
export function addSimulatorFlags(command: Command): void {
  for (const name of NAMES) {
    const { default: preset, unit, meaning, allowed }: SettingModel<unknown> = SIMULATOR_SETTINGS[name];
    const choices = allowed?.join('|') ?? '';
    // A long list of choices stands in the text, so that the column of flags leaves room for it.
    const long = choices.length > LONGEST_CHOICES;
    const value = long ? 'choice' : choices || unit.split(' ')[0]!;
    const flags = typeof preset === 'boolean' ? `--${flagName(name)}` : `--${flagName(name)} <${value}>`;
    const shown = typeof preset === 'boolean' || preset === '' ? '' : ` (default: ${String(preset)})`;
    const option = new Option(flags, `${long ? `${allowed!.join(', ')}: ` : ''}${meaning}${shown}`);
    if (typeof preset !== 'boolean') option.argParser((text) => parseValue(name, text));
    command.addOption(option);
  }
}

/** The simulator's settings among the flags that commander parsed. */
export function settingsOf(flags: Readonly<Record<string, unknown>>): Partial<SimulatorSettings> {
  return Object.fromEntries(NAMES.filter((name) => name in flags).map((name) => [name, flags[name]]));
}

/**
 * The flags of `simulate` for the `KEY=VALUE` pairs of `run --simulator-option`. Throws a ConfigurationError for an
 * unknown key, a wrong value, or what `run` decides itself.
 */
export function simulatorArguments(pairs: readonly string[]): string[] {
  const keys = NAMES.filter((name) => DECIDED_BY_RUN[name] === undefined);
  return pairs.flatMap((pair) => {
    const at = pair.indexOf('=');
    const [key, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    const name = NAMES.find((known) => known === key || flagName(known) === key);
    if (name === undefined) {
      throw new ConfigurationError(
        `--simulator-option ${key} is not known${didYouMean(key, keys)}; known: ${keys.join(', ')}`,
      );
    }
    const decided = DECIDED_BY_RUN[name];
    if (decided !== undefined) throw new ConfigurationError(`--simulator-option ${name} cannot be set: ${decided}`);
    if (at < 0) throw new ConfigurationError(`--simulator-option ${key} has no value; write ${key}=VALUE`);
    if (typeof SIMULATOR_SETTINGS[name].default === 'boolean') {
      if (value !== 'true' && value !== 'false') {
        throw new ConfigurationError(`--simulator-option ${key} is "${value}"; write true or false`);
      }
      return value === 'true' ? [`--${flagName(name)}`] : [];
    }
    try {
      parseValue(name, value);
    } catch (error) {
      throw error instanceof InvalidArgumentError
        ? new ConfigurationError(`--simulator-option ${key}: ${error.message}`)
        : error;
    }
    return [`--${flagName(name)}=${value}`];
  });
}

function parseValue(name: SettingName, text: string): string | number {
  const numeric = typeof SIMULATOR_SETTINGS[name].default === 'number';
  const value = numeric ? Number(text) : text;
  if (text === '' || Number.isNaN(value)) {
    throw new InvalidArgumentError(`${name} is "${text}"; expected ${numeric ? 'a number' : 'a text'}`);
  }
  const problem = settingProblem(name, value);
  if (problem !== undefined) throw new InvalidArgumentError(problem);
  return value;
}
