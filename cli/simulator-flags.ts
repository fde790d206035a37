import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { didYouMean } from '../contract/nearest.ts';
import { Wrong, defaultOf, readValue } from '../contract/setting.ts';
import type { Setting } from '../contract/setting.ts';
import { SIMULATOR_SETTING_GROUPS } from '../simulator/settings.ts';
import type { SimulatorSettings } from '../simulator/settings.ts';

/** All settings except lists, with their group. */
const FLAGS = Object.entries(SIMULATOR_SETTING_GROUPS).flatMap(([group, table]) =>
  Object.values<Setting<unknown>>(table)
    .filter(({ parse }) => parse.type !== 'list')
    .map((setting) => ({ group, setting })),
);
const SETTINGS = FLAGS.map(({ setting }) => setting);

/** Longest list of choices, in characters, shown behind a flag's name in `--help`. */
const LONGEST_CHOICES = 20;

/** Settings that `run` decides for its simulator, and what to use instead. */
const DECIDED_BY_RUN: Readonly<Partial<Record<string, string>>> = {
  host: 'the simulator of a run listens on 127.0.0.1',
  port: 'the simulator of a run takes a free port',
  timeScale: 'set TIME_SCALE',
} satisfies Partial<Record<keyof SimulatorSettings, string>>;

/** `timeScale` → `time-scale`. */
function flagName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export function addSimulatorFlags(command: Command): void {
  for (const { group, setting } of FLAGS) {
    const { name, parse, unit = '', meaning } = setting;
    const choices = parse.allowed?.join('|') ?? '';
    // A long list of choices goes into the text, to keep the flags column narrow.
    const long = choices.length > LONGEST_CHOICES;
    const value = long ? 'choice' : choices || unit.split(' ')[0]!;
    const isFlag = parse.type === 'flag';
    const preset = defaultOf(setting);
    const shown = isFlag || preset === '' ? '' : ` (default: ${preset})`;
    const option = new Option(
      `--${flagName(name)}${isFlag ? '' : ` <${value}>`}`,
      `${long ? `${parse.allowed!.join(', ')}: ` : ''}${meaning}${shown}`,
    );
    if (!isFlag) option.argParser((text) => parseValue(setting, text));
    command.addOption(option.helpGroup(`${group}:`));
  }
}

/** Extracts the simulator's settings from commander's flags. */
export function settingsOf(flags: Readonly<Record<string, unknown>>): Partial<SimulatorSettings> {
  return Object.fromEntries(SETTINGS.filter(({ name }) => name in flags).map(({ name }) => [name, flags[name]]));
}

/**
 * Converts the `KEY=VALUE` pairs of `run --simulator-option` to flags of `simulate`. Throws a ConfigurationError for an
 * unknown key, an invalid value, or a setting that `run` decides.
 */
export function simulatorArguments(pairs: readonly string[]): string[] {
  const keys = SETTINGS.map(({ name }) => name).filter((name) => DECIDED_BY_RUN[name] === undefined);
  return pairs.flatMap((pair) => {
    const at = pair.indexOf('=');
    const [key, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    const setting = SETTINGS.find(({ name }) => name === key || flagName(name) === key);
    if (setting === undefined) {
      throw new ConfigurationError(
        `--simulator-option ${key} is not known${didYouMean(key, keys)}; known: ${keys.join(', ')}`,
      );
    }
    const { name, parse } = setting;
    const decided = DECIDED_BY_RUN[name];
    if (decided !== undefined) throw new ConfigurationError(`--simulator-option ${name} cannot be set: ${decided}`);
    if (at < 0) throw new ConfigurationError(`--simulator-option ${key} has no value; write ${key}=VALUE`);
    const read = readValue(setting, value);
    if (read instanceof Wrong) throw new ConfigurationError(`--simulator-option ${key}: ${read.words}`);
    if (parse.type === 'flag') return read === true ? [`--${flagName(name)}`] : [];
    return [`--${flagName(name)}=${value}`];
  });
}

function parseValue(setting: Setting<unknown>, text: string): unknown {
  const value = readValue(setting, text);
  if (value instanceof Wrong) throw new InvalidArgumentError(value.words);
  return value;
}
