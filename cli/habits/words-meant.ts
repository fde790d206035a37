import { maskUrl } from '../../contract/shown-text.ts';
import { PRESETS } from '../../population/population.ts';
import { FLOW_KINDS } from '../../protocol/flow-kinds.ts';
import { scenarioNames } from '../script.ts';
import { settingWord, urlMeant } from './as-setting.ts';

/** Words of other tools in the place of a command, and what does the same here. */
const COMMANDS_MEANT: Readonly<Record<string, string>> = {
  version: 'pairstorm --version',
  ...{ start: 'pairstorm run smoke', test: 'pairstorm run smoke', play: 'pairstorm run smoke' },
  ...{ list: 'pairstorm run', ls: 'pairstorm run', scenarios: 'pairstorm run' },
  ...{ serve: 'pairstorm simulate', server: 'pairstorm simulate', mock: 'pairstorm simulate' },
  ...{ check: 'pairstorm doctor', ping: 'pairstorm doctor', validate: 'pairstorm run smoke --dry-run' },
  ...{ results: 'pairstorm report results/<run>', open: 'pairstorm report results/<run>' },
  ...{ diff: 'pairstorm compare results/<before> results/<after>', trend: 'pairstorm compare --history results/*' },
  ...{ users: 'pairstorm inventory --users 500 --out people.json' },
  ...{
    watch: 'pairstorm run smoke --live',
    dashboard: 'pairstorm run smoke --live',
    live: 'pairstorm run smoke --live',
  },
  ...{ har: 'pairstorm trace --har flow.har', replay: 'pairstorm trace --from results/<run>/failures.jsonl' },
  ...{ new: 'pairstorm init', create: 'pairstorm init' },
  stop: 'Ctrl-C in the terminal of the run',
};

const SCRIPT = /\.[cm]?[jt]s$/;

/** What an unknown command is meant as: a scenario, a script, a setting, a word of another tool. */
export function commandMeant(word: string): string | undefined {
  const scenario = scenarioNames().find((name) => name === word.toLowerCase().replace(SCRIPT, ''));
  if (scenario !== undefined && (scenario === word.toLowerCase() || !word.includes('/')))
    return `${word} is a scenario, not a command; write pairstorm run ${scenario}`;
  if (SCRIPT.test(word)) return `${word} is a script, not a command; write pairstorm run ${word}`;
  const setting = settingWord(word);
  if (setting !== undefined)
    return `${setting.name} is a setting, not a command; ${setting.meant} behind pairstorm run load`;
  const url = urlMeant(word);
  if (url !== undefined) return `the target is a setting; write pairstorm doctor -e PF_BASE_URL=${maskUrl(url)}`;
  const meant = COMMANDS_MEANT[word.toLowerCase()];
  return meant === undefined ? undefined : `there is no command ${word}; write ${meant}`;
}

/** What a word too many is meant as, by its form. */
type Reading = (word: string, words: readonly string[]) => string | undefined;

const when =
  (form: RegExp, meant: (word: string, words: readonly string[]) => string): Reading =>
  (word, words) =>
    form.test(word) ? meant(word, words) : undefined;

const NUMBER = /^\d+$/;
const ofSetting: Reading = (word) => {
  const setting = settingWord(word);
  return setting === undefined ? undefined : `${setting.name} is a setting, not an argument; ${setting.meant}`;
};
const ofUrl: Reading = (word) => {
  const url = urlMeant(word);
  return url === undefined ? undefined : `the target is not an argument; write -e PF_BASE_URL=${maskUrl(url)}`;
};
const ofUsers = when(/\.(csv|tsv|txt|json)$/, (file) => `users are a setting; write -e INVENTORY=${file}`);
const ofKind: Reading = (word) => {
  const kind = Object.keys(FLOW_KINDS).find((name) => name === word.toUpperCase());
  return kind === undefined ? undefined : `write pairstorm trace --kind ${kind}`;
};
/** A scenario for a command that takes none. */
const noScenario =
  (instead: string): Reading =>
  (word) =>
    scenarioNames().includes(word) ? `it takes no scenario; write ${instead}` : undefined;
const operands = (words: readonly string[]): readonly string[] => words.filter((word) => !word.startsWith('-'));

/** By command, in the order in which they are tried. */
const READINGS: Readonly<Record<string, readonly Reading[]>> = {
  run: [
    ofUrl,
    ofSetting,
    ofUsers,
    ofKind,
    (word, words) => {
      const first = operands(words)[0];
      if (first === word || !scenarioNames().includes(word)) return undefined;
      return `one run at a time; write pairstorm run ${first ?? ''}, then pairstorm run ${word}`;
    },
    (word, words) => (NUMBER.test(word) && words.includes('--live=0') ? `write --live=${word}` : undefined),
    when(NUMBER, (rate, words) => `write -e ${operands(words)[0] === 'smoke' ? 'FLOWS' : 'RATE'}=${rate}`),
  ],
  capacity: [
    ofUrl,
    ofSetting,
    ofUsers,
    noScenario('pairstorm capacity'),
    when(NUMBER, (rate) => `write --start ${rate}`),
  ],
  doctor: [ofUrl, ofSetting, ofUsers, noScenario('pairstorm doctor')],
  trace: [
    ...[ofKind, ofUrl, ofSetting],
    when(NUMBER, (user) => `write pairstorm trace --user ${user}`),
    when(/failures\.jsonl$/, (file) => `write pairstorm trace --from ${file}`),
    ofUsers,
    noScenario('pairstorm trace --kind F4'),
    when(/\//, (folder) => `write pairstorm trace --from ${folder.replace(/\/$/, '')}/failures.jsonl`),
  ],
  simulate: [
    when(NUMBER, (port) => `write pairstorm simulate --port ${port}`),
    when(/\.(csv|tsv|txt|json)$/, (file) => `write pairstorm simulate --inventory ${file}`),
    when(/^\w+=/, (option) => `write pairstorm simulate --${option.replace(/=/, ' ')}`),
  ],
  inventory: [
    when(NUMBER, (users) => `write pairstorm inventory --users ${users} --out people.json`),
    when(/\.json$/, (file) => `write pairstorm inventory --out ${file}`),
    (word) => (PRESETS.includes(word) ? `write pairstorm inventory --population ${word} --out people.json` : undefined),
  ],
  report: [(_word, words) => `one run at a time; to compare runs write pairstorm compare ${operands(words).join(' ')}`],
  drift: [(word, words) => `write pairstorm drift ${word} --base ${operands(words)[0] ?? ''}`],
  plan: [
    (_word, words) => {
      const before = words.slice(
        0,
        words.findIndex((word) => word.startsWith('-')),
      );
      return before.length === 0
        ? undefined
        : `write ${NUMBER.test(before[0]!) ? '--peak-hour' : '--capacity'} ${before.join(' ')}`;
    },
  ],
  compare: [(_word, words) => `for more than two runs write pairstorm compare --history ${operands(words).join(' ')}`],
};

/** What words that are too many are meant as. `words`: all behind the command. */
export function excessMeant(command: string, words: readonly string[]): string | undefined {
  const readings = READINGS[command] ?? [];
  // The last word is the one too many; a URL or a setting is told anywhere.
  for (const reading of readings) {
    for (const word of operands(words).toReversed()) {
      const meant = reading(word, words);
      if (meant !== undefined) return meant;
    }
  }
  return undefined;
}

/** What the first argument of `run` is meant as that can be no script: a setting, a URL, the file name of a scenario. */
export function runMeant(word: string): string | undefined {
  const setting = settingWord(word);
  if (setting !== undefined)
    return setting.meant.startsWith('write')
      ? `${setting.name} is a setting, not a scenario; write pairstorm run load${setting.meant.replace('write', '')}`
      : `${setting.name} is a setting, not a scenario; ${setting.meant}`;
  const url = urlMeant(word);
  if (url !== undefined) return `the target is a setting; write pairstorm run smoke -e PF_BASE_URL=${maskUrl(url)}`;
  const scenario = scenarioNames().find((name) => name === word.toLowerCase().replace(/^.*\//, '').replace(SCRIPT, ''));
  return scenario === undefined || scenario === word
    ? undefined
    : `there is no ${word}; write pairstorm run ${scenario}`;
}
