import { maskUrl } from '../../contract/shown-text.ts';
import { asSetting, urlMeant } from './as-setting.ts';

/** Commands that take settings. */
const PLAYING: readonly string[] = ['run', 'capacity', 'doctor', 'trace'];
const RUNNING: readonly string[] = ['run', 'capacity'];

/** A flag of other tools, and what does the same here. */
interface Habit {
  readonly flags: readonly string[];
  readonly commands: readonly string[];
  /** `value`: what follows it, `…` if nothing does. */
  readonly meant: (value: string) => string;
}

const target = (value: string): string =>
  `the target is a setting; write -e PF_BASE_URL=${maskUrl(urlMeant(value) ?? value)}`;

const HABITS: readonly Habit[] = [
  { flags: ['--url', '--target', '--base-url', '--host', '--server'], commands: PLAYING, meant: target },
  {
    flags: ['-k', '--insecure', '--no-verify', '--skip-verify'],
    commands: PLAYING,
    meant: () => 'for a certificate that cannot be verified write -e TLS_SKIP_VERIFY=true',
  },
  {
    flags: ['--ca', '--cacert', '--ca-cert'],
    commands: PLAYING,
    meant: (file) => `for a private authority set NODE_EXTRA_CA_CERTS=${file} in the environment`,
  },
  { flags: ['--client-id'], commands: PLAYING, meant: (id) => asSetting('PF_CLIENT_ID', id)! },
  { flags: ['--client-secret', '--secret'], commands: PLAYING, meant: () => asSetting('PF_CLIENT_SECRET')! },
  { flags: ['--proxy'], commands: PLAYING, meant: () => 'set HTTPS_PROXY (or HTTP_PROXY) in the environment' },
  { flags: ['--debug'], commands: PLAYING, meant: () => 'write --verbose' },
  {
    flags: ['--users'],
    commands: PLAYING,
    meant: (users) =>
      `users are a file: pairstorm inventory --users ${users} --out people.json, then -e INVENTORY=people.json`,
  },
  {
    flags: ['--html', '--report'],
    commands: RUNNING,
    meant: () => 'every run writes report.html into its folder; again: pairstorm report results/<run>',
  },
  { flags: ['--junit', '--junit-xml', '--ci'], commands: ['run'], meant: () => 'junit.xml comes with --gate' },
  { flags: ['--slo'], commands: ['run'], meant: (text) => `write pairstorm capacity --slo "${text}"` },
  { flags: ['--output', '--results-dir'], commands: RUNNING, meant: (folder) => `write --results ${folder}` },
  { flags: ['--threads'], commands: RUNNING, meant: (threads) => `write --workers ${threads}` },
  {
    flags: ['--dashboard', '--ui', '--web', '--web-dashboard'],
    commands: ['run'],
    meant: () => 'for a page that shows the run write --live',
  },
  { flags: ['-p'], commands: ['simulate'], meant: (port) => `write --port ${port}` },
  { flags: ['-i'], commands: ['simulate'], meant: (file) => `write --inventory ${file}` },
  {
    flags: ['--users', '-n'],
    commands: ['simulate'],
    meant: (users) =>
      `write pairstorm inventory --users ${users} --out people.json, then pairstorm simulate --inventory people.json`,
  },
  { flags: ['-n', '--count', '--size'], commands: ['inventory'], meant: (users) => `write --users ${users}` },
  { flags: ['-o', '--output', '--file'], commands: ['inventory'], meant: (file) => `write --out ${file}` },
  { flags: ['-o', '--output'], commands: ['report', 'compare'], meant: (file) => `write --out ${file}` },
  { flags: ['--html'], commands: ['compare'], meant: () => 'write --format html --out compare.html' },
  { flags: ['--open'], commands: ['report'], meant: () => 'it writes report.html; open that in a browser' },
  { flags: ['--json'], commands: ['report'], meant: () => 'write --format json' },
  { flags: ['--kind'], commands: ['run'], meant: (kind) => `write pairstorm trace --kind ${kind}` },
];

/**
 * What an unknown flag is meant as: a setting (`--rate 50`, `-rate 50`), or what another tool calls so. Undefined:
 * nothing known.
 */
export function flagMeant(command: string, flag: string, words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  const [, ofFlag] = /=(.*)$/s.exec(words[at] ?? '') ?? [];
  const next = words[at + 1];
  const value = ofFlag ?? (next === undefined || next.startsWith('-') ? '…' : next);
  const habit = HABITS.find(({ flags, commands }) => flags.includes(flag) && commands.includes(command));
  if (habit !== undefined) return habit.meant(value);
  if (!PLAYING.includes(command)) return undefined;
  const name = flag.replace(/^-+/, '').replaceAll('-', '_').toUpperCase();
  const meant = asSetting(name, value);
  if (meant === undefined) return undefined;
  return meant.startsWith('write') ? `${flag} is a setting, not a flag; ${meant}` : `${flag} is not a flag; ${meant}`;
}
