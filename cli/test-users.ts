import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { hostOf, isLoopback } from '../lib/target.ts';
import { UserRefused, makeUser, removeUser, requestsFor } from './test-users/make.ts';
import type { Making } from './test-users/make.ts';
import { EMAIL, PHONE, readTestUsers } from './test-users/people.ts';
import type { TestUser } from './test-users/people.ts';
import { PingOneApi, TokenRefused } from './test-users/pingone-api.ts';
import { ReadyFile } from './test-users/ready-file.ts';
import { TextFileError, readTextFile } from '../record/text-file.ts';
import { lengthInWords } from './load-in-words.ts';
import { indentedLine, oneLine } from './one-line.ts';
import { print } from './stdout.ts';

interface TestUserFlags {
  readonly environment: string;
  readonly population?: string;
  readonly policy?: string;
  readonly tokenFile?: string;
  readonly out?: string;
  readonly api: string;
  readonly rate: number;
  readonly emailDomain: string;
  readonly phone: string;
  readonly setPasswords?: true;
  readonly remove?: true;
  readonly dryRun?: true;
}

/** So many refusals in a row have one cause: the population, the policy, the role. */
const MOST_REFUSED = 10;

/** Flags and help of `pairstorm test-users`. */
export function define(command: Command): void {
  command
    .argument('<file>', 'CSV of the users: username, password; test_device, email, phone if they differ')
    .requiredOption('--environment <id>', 'environment of PingOne', id)
    .option('--population <id>', 'population in which they are made', id)
    .option('--policy <id>', 'MFA policy of the devices (default: that of the environment)', id)
    .option('--token-file <file>', "file with a worker application's access token")
    .option('--out <file>', 'CSV of the users who are ready, an INVENTORY; what is in it is not made again')
    .option('--api <url>', "PingOne's API in your region", apiUrl, 'https://api.pingone.com/v1')
    .option('--rate <n>', 'requests per second', perSecond, 10)
    .option('--email-domain <name>', 'of addresses where the file has none', domain, 'example.com')
    .option('--phone <number>', 'of SMS and voice devices where the file has none', phone, '+14135550150')
    .option('--set-passwords', 'set the passwords at PingOne, too')
    .option('--remove', 'take the users of the file away, if this command made them')
    .option('--dry-run', 'print the requests and exit')
    .addHelpText(
      'after',
      `
Makes users with test devices, whose codes come back in the answer
(DEVICE_DRIVER=test-device): nobody needs a phone, no message is sent. Read the
plan first (--dry-run). Killed or refused half-way: run it again, and it goes on;
nothing is made twice. docs/test-users.md has the rest.

Examples:
  pairstorm test-users people.csv --environment ID --population ID --dry-run
  pairstorm test-users people.csv --environment ID --population ID --token-file token --out ready.csv
  pairstorm test-users people.csv --environment ID --token-file token --remove`,
    )
    .action(async (file: string, flags: TestUserFlags) => {
      const users = readTestUsers(file, flags);
      // Whoever stands in the result counts as made.
      if (flags.out !== undefined && resolve(flags.out) === resolve(file))
        throw new ConfigurationError(
          `--out ${flags.out} is the file of the users to be made; name another, such as ready.csv`,
        );
      process.exitCode = flags.remove ? await removeAll(users, flags) : await makeAll(users, flags);
    });
}

function id(text: string): string {
  if (!/^[\w-]{1,60}$/.test(text)) throw new InvalidArgumentError('Write the id that PingOne shows.');
  return text;
}

function domain(text: string): string {
  if (!EMAIL.test(`a@${text}`)) throw new InvalidArgumentError('Write a domain such as example.com.');
  return text;
}

function phone(text: string): string {
  if (!PHONE.test(text)) throw new InvalidArgumentError('Write a number such as +14135550150.');
  return text;
}

function perSecond(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || !(value >= 0.1 && value <= 1000))
    throw new InvalidArgumentError('Write requests per second from 0.1 to 1000.');
  return value;
}

/** A token must not travel in the clear. */
function apiUrl(text: string): string {
  const url = text.replace(/\/+$/, '');
  const host = hostOf(url);
  if (host === undefined) throw new InvalidArgumentError('Write a URL such as https://api.pingone.eu/v1.');
  if (!url.startsWith('https:') && !isLoopback(host)) throw new InvalidArgumentError('Write https://.');
  return url;
}

async function makeAll(users: readonly TestUser[], flags: TestUserFlags): Promise<number> {
  const making = makingOf(flags);
  if (flags.dryRun) {
    planLines(users, making, flags).forEach(say);
    return EXIT_CODES.pass.code;
  }
  if (flags.out === undefined)
    throw new ConfigurationError('--out is missing: the file for the users who are ready, such as ready.csv');
  const api = apiOf(flags);
  const ready = new ReadyFile(flags.out);
  const missing = users.filter((user) => !ready.has(user));
  const refused = await each(missing, api, flags, async (user) => {
    await makeUser(api, user, making);
    ready.add(user);
  });
  const before = users.length - missing.length;
  const made = missing.length - refused;
  say(`${made + before} of ${users.length} users are ready in ${ready.path}: ${made} now, ${before} before`);
  return refused === 0 ? EXIT_CODES.pass.code : EXIT_CODES.invalid_configuration.code;
}

async function removeAll(users: readonly TestUser[], flags: TestUserFlags): Promise<number> {
  if (flags.dryRun) {
    say(
      `would take away the users of environment ${flags.environment} whom this command made, of ${users.length} in the file`,
    );
    return EXIT_CODES.pass.code;
  }
  let gone = 0;
  const refused = await each(users, apiOf(flags), flags, async (user, api) => {
    if (!(await removeUser(api, user))) gone++;
  });
  say(`${users.length - refused - gone} of ${users.length} users taken away, ${gone} were not there`);
  return refused === 0 ? EXIT_CODES.pass.code : EXIT_CODES.invalid_configuration.code;
}

/** Does it for one user after another; how many were refused. Throws a ConfigurationError where nobody else can succeed. */
async function each(
  users: readonly TestUser[],
  api: PingOneApi,
  { tokenFile }: TestUserFlags,
  act: (user: TestUser, api: PingOneApi) => Promise<void>,
): Promise<number> {
  let refused = 0;
  let inARow = 0;
  let done = 0;
  try {
    for (const user of users) {
      try {
        await act(user, api);
        done++;
        inARow = 0;
      } catch (error) {
        if (!(error instanceof UserRefused)) throw error;
        refused++;
        process.stderr.write(`error: line ${user.line}: ${oneLine(error.message)}\n`);
        if (++inARow === MOST_REFUSED)
          throw new ConfigurationError(
            `${MOST_REFUSED} users in a row were refused; compare --environment, --population and --policy with PingOne, then run it again`,
          );
      }
    }
    return refused;
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    throw new ConfigurationError(
      `PingOne refuses the token (${error.message}) after ${done} of ${users.length} users: it has expired, or its worker lacks the role; write another into ${tokenFile ?? ''} and run the same again, which goes on from there`,
    );
  } finally {
    await api.close();
  }
}

function makingOf({ population, policy = '', setPasswords }: TestUserFlags): Making {
  if (population === undefined) throw new ConfigurationError('--population is missing: the id of one for test users');
  return { population, policy, passwords: setPasswords === true };
}

function apiOf({ api, environment, rate, tokenFile }: TestUserFlags): PingOneApi {
  if (tokenFile === undefined)
    throw new ConfigurationError("--token-file is missing: a file with a worker application's access token");
  try {
    const token = readTextFile(tokenFile).trim();
    if (!/^[\w.~+/=-]+$/.test(token))
      throw new TextFileError('it is not a token; write the access token into it, and nothing else');
    return new PingOneApi({ api, environment, token, rate });
  } catch (error) {
    if (error instanceof TextFileError) throw new ConfigurationError(`--token-file ${tokenFile}: ${error.message}`);
    throw error;
  }
}

/** The requests of the first user with their bodies, and how many there are. Passwords are not shown. */
function planLines(users: readonly TestUser[], making: Making, { api, environment, rate }: TestUserFlags): string[] {
  const requests = requestsFor(users[0]!, making);
  const all = requests.length * users.length;
  const count = (device: TestUser['device']): number => users.filter((user) => user.device === device).length;
  return [
    `${users.length === 1 ? '1 user' : `${users.length} users`} with a test device each: ${count('Email')} Email, ${count('SMS')} SMS, ${count('Voice')} Voice`,
    `${all} requests to ${api}/environments/${environment}, at ${rate}/s in about ${lengthInWords(Math.ceil(all / rate) * 1000)}; for the first user:`,
    ...requests.map(({ method, path, body }) => `  ${method} ${path} ${shown(body)}`),
    'nothing was sent',
  ];
}

function shown(body: object | undefined): string {
  return JSON.stringify(body, (name, value: unknown) => (name === 'value' ? '…' : value));
}

function say(line: string): void {
  print(`${indentedLine(line)}\n`);
}
