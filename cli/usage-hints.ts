import { ConfigurationError } from '../contract/configuration-error.ts';
import { maskUrl } from '../contract/shown-text.ts';
import { SETTINGS } from '../lib/settings.ts';
import { scenarioNames } from './script.ts';
import { CommanderError } from 'commander';

const WITH_SETTINGS: readonly string[] = ['run', 'doctor', 'trace'];

/** Messages for a missing argument. */
const MISSING: Readonly<Record<string, () => string>> = {
  run: () => `nothing to run; name a scenario (${scenarioNames().join(', ')}), or pass the path of a script`,
  report: () => 'no run given; write: pairstorm report results/<run>',
  drift: () => 'no run given; write: pairstorm drift results/<run>',
  import: () => 'no samples given; write: pairstorm import FILE, the file of k6 run --out json=FILE, or - for stdin',
};

/** Replaces a parser error by a hint on what was probably meant; other errors are returned unchanged. */
export function explained(error: unknown, args: readonly string[]): unknown {
  if (!(error instanceof CommanderError)) return error;
  const meant = meaning(error.code, error.message, args);
  return meant === undefined ? error : new ConfigurationError(meant, { cause: error });
}

function meaning(code: string, message: string, args: readonly string[]): string | undefined {
  const [command = '', ...rest] = args;
  switch (code) {
    case 'commander.unknownCommand':
      return commandMeant(command);
    case 'commander.missingArgument':
      return MISSING[command]?.();
    case 'commander.unknownOption': {
      const flag = /'(--[\w-]+)/.exec(message)?.[1];
      return flag !== undefined && WITH_SETTINGS.includes(command) ? settingMeant(flag, rest) : undefined;
    }
    case 'commander.excessArguments': {
      const url = rest.find((word) => /^https?:\/\//.test(word));
      if (url === undefined || !WITH_SETTINGS.includes(command)) return undefined;
      return `the target is not an argument; write -e PF_BASE_URL=${maskUrl(url)}`;
    }
    default:
      return undefined;
  }
}

/** A scenario or script used as a command. */
function commandMeant(word: string): string | undefined {
  if (scenarioNames().includes(word)) return `${word} is a scenario, not a command; write pairstorm run ${word}`;
  return /\.[cm]?[jt]s$/.test(word) ? `${word} is a script, not a command; write pairstorm run ${word}` : undefined;
}

/** A setting written as a flag: `--rate 50`, `--rate=50`. */
function settingMeant(flag: string, words: readonly string[]): string | undefined {
  const name = flag.slice(2).replaceAll('-', '_').toUpperCase();
  const type = SETTINGS.get(name)?.parse.type;
  if (type === undefined) return undefined;
  if (type === 'secret') return `${flag} is not a flag; set ${name} in the environment, or ${name}_FILE`;
  const at = words.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  const [, ofFlag] = /=(.*)$/s.exec(words[at] ?? '') ?? [];
  const next = words[at + 1];
  const value = ofFlag ?? (next === undefined || next.startsWith('-') ? '…' : next);
  return `${flag} is a setting, not a flag; write -e ${name}=${type === 'url' ? maskUrl(value) : value}`;
}
