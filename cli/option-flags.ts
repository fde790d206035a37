import { Option } from 'commander';
import type { Command } from 'commander';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { didYouMean } from '../contract/nearest.ts';
import { placeOf } from '../engine/consolidate.ts';
import type { OptionLayer } from '../engine/consolidate.ts';
import { NOT_SUPPORTED, rows } from '../engine/option-table.ts';
import { collected } from './flag-values.ts';
import { jsonFaultLine } from './json-fault-line.ts';
import { TextFileError, readTextFile } from '../record/text-file.ts';

/** Adds the flags of k6's options (engine/option-table.ts). */
export function addOptionFlags(command: Command): void {
  for (const [, { flag, meaning }] of rows()) {
    if (flag === undefined) continue;
    const option = new Option(flag, meaning).helpGroup('Options of k6 (docs/options.md):');
    if (option.required) option.argParser(collected);
    command.addOption(option);
  }
}

/** k6's options from the command line. Throws a ConfigurationError. */
function flagLayer(command: Command): OptionLayer {
  const values: Record<string, unknown> = {};
  for (const [name, { flag, fromText }] of rows()) {
    if (flag === undefined || fromText === undefined) continue;
    const attribute = new Option(flag).attributeName();
    if (command.getOptionValueSource(attribute) !== 'cli') continue;
    const given = command.getOptionValue(attribute) as readonly string[] | boolean;
    // A valueless flag is true when present; commander parses `--no-x` as "x: false".
    values[name] = typeof given === 'boolean' ? true : fromText(given, placeOf('flags', name));
  }
  return { source: 'flags', values };
}

/** Options from K6_* variables; an empty one counts as unset. Throws a ConfigurationError. */
function environmentLayer(
  environment: Readonly<Record<string, string | undefined>>,
  warn: (line: string) => void,
): OptionLayer {
  const values: Record<string, unknown> = {};
  const known: string[] = [...OTHER_VARIABLES];
  for (const [name, row] of rows()) {
    if (row.environment === undefined || row.fromText === undefined) continue;
    known.push(row.environment);
    const text = environment[row.environment] ?? '';
    if (text !== '') values[name] = row.fromText([text], row.environment);
  }
  for (const variable of Object.values(NOT_SUPPORTED)) {
    if (variable === undefined) continue;
    if ((environment[variable] ?? '') !== '') {
      throw new ConfigurationError(`${variable} is not supported by this engine; unset it, or run the script with k6`);
    }
  }
  for (const variable of Object.keys(environment)) {
    if (!variable.startsWith('K6_') || known.includes(variable) || FOREIGN.test(variable)) continue;
    warn(`${variable} has no effect here${didYouMean(variable, known)}`);
  }
  return { source: 'environment', values };
}

const OTHER_VARIABLES = ['K6_OUT', 'K6_SUMMARY_EXPORT'] as const;

/** k6 variables for features that do not belong to a run here (cloud, logs, outputs, updates). */
const FOREIGN = /^K6_(CLOUD|PROMETHEUS|OTEL|WEB_DASHBOARD|BROWSER|LOG|NO_USAGE_REPORT|NO_COLOR|FEATURES|CSV)/;

/** Options from a `--config` file. Throws a ConfigurationError with the file and, for invalid JSON, the line. */
function configLayer(file: string): OptionLayer {
  let text: string;
  try {
    text = readTextFile(file);
  } catch (error) {
    if (!(error instanceof TextFileError)) throw error;
    throw new ConfigurationError(`--config ${file}: ${error.message}`);
  }
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    // Not V8's message, which quotes the text: it may be the password of a key.
    throw new ConfigurationError(
      `--config ${file} is not JSON (line ${jsonFaultLine(text) ?? text.split('\n').length})`,
    );
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new ConfigurationError(`--config ${file} is not an object; expected one with k6 options`);
  }
  return { source: 'config', values: values as Record<string, unknown> };
}

/** All options from outside the script: configuration file, environment, flags. Throws a ConfigurationError. */
export function optionLayers(
  command: Command,
  config: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  warn: (line: string) => void,
): readonly OptionLayer[] {
  return [
    ...(config === undefined ? [] : [configLayer(config)]),
    environmentLayer(environment, warn),
    flagLayer(command),
  ];
}
