import { existsSync } from 'node:fs';
import { CommanderError } from 'commander';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { flagMeant } from './habits/flags-meant.ts';
import { ListedError } from './habits/listed-error.ts';
import { scenarioLines } from './habits/scenario-lines.ts';
import { commandMeant, excessMeant, runMeant } from './habits/words-meant.ts';

const TEST_USERS =
  'users and environment are needed; write: pairstorm test-users people.csv --environment ID --population ID --dry-run';

/** Messages for a missing argument. */
const MISSING: Readonly<Record<string, string>> = {
  run: 'nothing to run; name a scenario, or pass the path of a script',
  report: 'no run given; write: pairstorm report results/<run>',
  drift: 'no run given; write: pairstorm drift results/<run>',
  import: 'no samples given; write: pairstorm import FILE, the file of k6 run --out json=FILE, or - for stdin',
  faults: 'nothing to do; write: pairstorm faults undo results/<run>',
  'test-users': TEST_USERS,
};

/** Messages for a flag that a command cannot do without. */
const REQUIRED: Readonly<Record<string, (words: readonly string[]) => string>> = {
  inventory: (words) =>
    (words[0]?.startsWith('-') === false ? excessMeant('inventory', words) : undefined) ??
    `no file given; write: ${['pairstorm inventory', ...words, '--out people.json'].join(' ')}`,
  'test-users': () => TEST_USERS,
};

/** Replaces a parser error by a hint on what was probably meant; other errors are returned unchanged. */
export function explained(error: unknown, args: readonly string[]): unknown {
  const [command = '', first = ''] = args;
  if (error instanceof CommanderError) {
    const meant = meaning(error, args);
    if (meant === undefined) return error;
    return command === 'run' && error.code === 'commander.missingArgument'
      ? new ListedError(meant, scenarioLines(), { cause: error })
      : new ConfigurationError(meant, { cause: error });
  }
  const meant = error instanceof ConfigurationError && command === 'run' && !existsSync(first) && runMeant(first);
  return typeof meant === 'string' ? new ConfigurationError(meant, { cause: error }) : error;
}

function meaning({ code, message }: CommanderError, [command = '', ...words]: readonly string[]): string | undefined {
  switch (code) {
    case 'commander.unknownCommand':
      return commandMeant(command);
    case 'commander.missingArgument':
      return MISSING[command];
    case 'commander.missingMandatoryOptionValue':
      return REQUIRED[command]?.(words);
    case 'commander.unknownOption': {
      const flag = /'(-{1,2}[\w-]+)/.exec(message)?.[1];
      return flag === undefined ? undefined : flagMeant(command, flag, words);
    }
    case 'commander.excessArguments':
      return excessMeant(command, words);
    default:
      return undefined;
  }
}
