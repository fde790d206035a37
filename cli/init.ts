import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Command } from 'commander';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { TextFileError, describeFileError, readTextFile } from '../record/text-file.ts';
import { shellWord } from './as-started.ts';
import { CI_KINDS, answersOf, checkedCi, checkedTarget } from './init/answers.ts';
import type { CiKind } from './init/answers.ts';
import { packageOf, packageWith, projectFiles } from './init/project-files.ts';
import type { PackageJson } from './init/project-files.ts';
import { oneLine } from './one-line.ts';
import { VERSION } from './package.ts';
import { print } from './stdout.ts';

interface InitFlags {
  readonly target?: string;
  readonly clientId?: string;
  readonly ci?: CiKind;
  readonly script: boolean;
  readonly package?: string;
  readonly yes?: true;
}

/** Flags and help of `pairstorm init`. */
export function define(command: Command): void {
  command
    .argument('[folder]', 'where the project is made', '.')
    .option('--target <url>', 'your PingFederate (default: the built-in simulator)', checkedTarget)
    .option('--client-id <id>', 'its OAuth client')
    .option('--ci <kind>', `${CI_KINDS.join(', ')} (default: github)`, checkedCi)
    .option('--no-script', 'without a script of your own')
    .option('--package <spec>', `where npm gets Pairstorm from (default: file:pairstorm-${VERSION}.tgz)`)
    .option('-y, --yes', 'ask nothing: what no flag says is as usual')
    .addHelpText(
      'after',
      `
Makes a starter project: who signs in (population.json), a script of your own, a
CI job, a README. It asks what no flag says, if somebody is there to answer. No
file is replaced; a package.json that is there gets what it lacks.

Examples:
  pairstorm init load-tests
  pairstorm init --yes --ci gitlab
  pairstorm init load-tests --target https://sso.staging.example.com:9031 --client-id load-test`,
    )
    .action(async (folder: string, flags: InitFlags) => {
      await init(folder, flags, command.getOptionValueSource('script') === 'cli');
    });
}

async function init(folder: string, flags: InitFlags, scriptSaid: boolean): Promise<void> {
  const { target, clientId, ci, yes } = flags;
  const interactive = yes !== true && process.stdin.isTTY;
  const said = { target, clientId, ci, script: scriptSaid ? flags.script : undefined };
  const answers = await answersOf(said, interactive);
  const files = projectFiles(answers);
  const there = files.find(({ path }) => existsSync(join(folder, path)));
  if (there !== undefined)
    throw new ConfigurationError(
      `${join(folder, there.path)} is there already, and nothing is replaced; name an empty folder: pairstorm init load-tests`,
    );
  const spec = flags.package ?? `file:pairstorm-${VERSION}.tgz`;
  const wanted = packageOf(answers.script, spec);
  const manifest = join(folder, 'package.json');
  const merged = existsSync(manifest) ? packageWith(packageIn(manifest), wanted) : wanted;
  for (const { path, text } of [
    ...files,
    { path: 'package.json', text: `${JSON.stringify(merged, undefined, 2)}\n` },
  ]) {
    write(join(folder, path), text);
    print(`${oneLine(join(folder, path))}\n`);
  }
  const place = relative(process.cwd(), folder);
  process.stderr.write(
    `next: ${oneLine(`${place === '' ? '' : `cd ${shellWord(place)} && `}npm install && npm run users && npm run smoke`)}; README.md has the rest\n`,
  );
}

function packageIn(file: string): PackageJson {
  try {
    const value: unknown = JSON.parse(readTextFile(file));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as PackageJson;
  } catch (error) {
    if (error instanceof TextFileError) throw new ConfigurationError(`${file}: ${error.message}`);
  }
  throw new ConfigurationError(`${file} is not a package.json; mend it, or name an empty folder`);
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw new ConfigurationError(`cannot write ${file}: ${describeFileError(error)}; name another folder`);
  }
}
