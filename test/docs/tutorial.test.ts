import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { SETTINGS } from '../../lib/settings.ts';
import { emptyFolder, pairstorm } from '../cli/command.ts';

const PAGE = readFileSync('docs/tutorial.md', 'utf8');
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
const PACKAGE = `./pairstorm-${version}.tgz`;

/** A block of commands, and what is printed under it; null: nothing. */
interface Block {
  readonly commands: string;
  readonly printed: string | null;
}

/** Every `sh` block in order; the `text` block that stands right under one is what it prints. */
const BLOCKS: readonly Block[] = [...PAGE.matchAll(/^```sh\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?/gms)].map(
  ([, commands, printed]) => ({ commands: commands!, printed: printed ?? null }),
);
const COMMANDS = BLOCKS.map(({ commands }) => commands).join('');

/** Ports that the page names; they are played as printed, so they must be free. */
const PORTS = [...new Set(COMMANDS.match(/\b1[79]\d{3}\b/g))].map(Number);

const FULL = process.env['TUTORIAL'] !== undefined;
const MISSING = ['bash', 'curl', 'openssl'].filter((program) => spawnSync(program, ['--version']).error !== undefined);
if (FULL && MISSING.length > 0) console.warn(`skipped: docs/tutorial.md, as there is no ${MISSING.join(', no ')} here`);
if (!FULL) console.warn('left to "npm run check:tutorial": the commands of docs/tutorial.md, played as printed');

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((done) => {
    server.once('error', () => done(false)).listen(port, '127.0.0.1', () => done(true));
  });
  await new Promise<void>((done) => void server.close(() => done()));
  return free;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/**
 * What a block prints, as a pattern of the whole output: a line "…" stands for any lines, "…" within a line for any text, and a
 * time ("5.24 s", "63.9 ms") for any time. Everything else is as printed.
 */
function patternOf(printed: string): RegExp {
  const lines = printed.split('\n').slice(0, -1);
  const patterns = lines.map((line) => {
    if (line === '…') return String.raw`(?:.*\n)*?`;
    const text = escaped(line).replaceAll('…', '.*');
    return `${text.replace(/\d+(?:\\\.\d+)?(?= m?s\b)/g, String.raw`[\d.]+`)}\\n`;
  });
  return new RegExp(`^${patterns.join('')}${lines.at(-1) === '…' ? '' : '$'}`);
}

/** Where `npm install` of the packed file puts this checkout; all else is npm's own. The tests install nothing from a registry. */
function npmOf(folder: string): string {
  const bin = join(folder, '.bin');
  mkdirSync(bin);
  const entry = resolve('build/cli/pairstorm.js');
  chmodSync(entry, 0o755); // as npm does
  writeFileSync(
    join(bin, 'npm'),
    `#!/bin/sh
[ "$1" = install ] || { PATH="\${PATH#*:}"; exec npm "$@"; }
[ "$*" = 'install --save-dev ${PACKAGE}' ] || { echo "not the install of the page: $*"; exit 1; }
mkdir -p node_modules/.bin
ln -s '${resolve('.')}' node_modules/pairstorm
ln -s '${entry}' node_modules/.bin/pairstorm
`,
  );
  chmodSync(join(bin, 'npm'), 0o755);
  return bin;
}

interface Played {
  readonly code: string;
  readonly output: string;
}

/** Plays the blocks one after the other in one bash, as a reader does who stays in one terminal. */
async function playAll(): Promise<readonly Played[]> {
  const [folder, notes] = [emptyFolder(), emptyFolder()];
  const path = `${npmOf(notes)}:${process.env['PATH'] ?? ''}`;
  const lines = BLOCKS.map(({ commands }, at) => {
    const place = join(notes, String(at));
    writeFileSync(`${place}.sh`, commands);
    return `{ . ${place}.sh; } > ${place}.output 2>&1; echo $? > ${place}.code`;
  });
  const env = { PATH: path, HOME: notes, npm_config_update_notifier: 'false', npm_config_offline: 'true' };
  // A process group of its own: what a broken page leaves running ends with it.
  const child = spawn('bash', ['-c', lines.join('\n')], { cwd: folder, env, detached: true, stdio: 'ignore' });
  await new Promise<void>((done) => void child.once('exit', () => done()));
  // What the page has told to end may take a moment.
  let left = true;
  for (let tries = 0; left && tries < 100; tries++) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, 100));
    left = (await Promise.all(PORTS.map(isFree))).includes(false);
  }
  if (left) process.kill(-child.pid!, 'SIGTERM');
  expect(left, 'the page leaves a process running').toBe(false);
  return BLOCKS.map((_, at) => ({
    code: readFileSync(join(notes, `${at}.code`), 'utf8').trim(),
    output: readFileSync(join(notes, `${at}.output`), 'utf8'),
  }));
}

describe('The tutorial', () => {
  it('has commands with what they print', () => {
    expect(BLOCKS.length).toBeGreaterThan(15);
    expect(PAGE.match(/^```sh$/gm)).toHaveLength(BLOCKS.length);
    // No output stands alone, and no exit code is left to be guessed.
    expect(PAGE.match(/^```text$/gm)).toHaveLength(BLOCKS.filter(({ printed }) => printed !== null).length);
    for (const { commands, printed } of BLOCKS)
      expect(printed?.includes('exit code ') ?? false, commands).toBe(commands.includes('exit code '));
    for (const code of [0, 99, 104, 120]) expect(PAGE).toContain(`\nexit code ${code}\n`);
  });

  it('installs the package of this version, and never asks a registry for it', () => {
    expect(COMMANDS).toContain(`npm install --save-dev ${PACKAGE}\n`);
    expect(COMMANDS).not.toMatch(/npx (?!--no-install pairstorm)/);
  });

  it('names flags and settings that there are', async () => {
    const lines = [...COMMANDS.matchAll(/(?:\bpairstorm|\$PAIRSTORM) (run|simulate|doctor|trace)\b([^\n&|>]*)/g)];
    expect(lines.length).toBeGreaterThan(8);
    const help = new Map<string, string>();
    for (const command of new Set(lines.map(([, command]) => command!)))
      help.set(command, (await pairstorm(emptyFolder(), [command, '--help'])).stdout);
    for (const [line, command, words] of lines)
      for (const [flag] of words!.matchAll(/(?<= )--?[a-z][a-z-]*/g))
        expect(help.get(command!), line).toMatch(new RegExp(`^ +(?:-\\w, )?${flag}\\b`, 'm'));
    const named = [...COMMANDS.matchAll(/(?:export |-e | )([A-Z][A-Z_]+)=/g)].map(([, name]) => name!);
    expect(named).toContain('PF_BASE_URL');
    const known = [...SETTINGS.keys(), 'PAIRSTORM', 'NODE_EXTRA_CA_CERTS'];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('leads on to a dry run that works without what the page has set', async () => {
    const [, words] = /^- The load .*?`npx --no-install pairstorm (run [^`]+)`/ms.exec(PAGE)!;
    const { code, stderr } = await pairstorm(emptyFolder(), words!.split(' '));
    expect(stderr).toMatch(/^load +\d+ flow starts, /m);
    expect(code).toBe(0);
  });

  it('copies files that are in the package', () => {
    const files = [...COMMANDS.matchAll(/node_modules\/pairstorm\/(\S+)/g)].map(([, file]) => file!);
    expect(files.length).toBeGreaterThan(1);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });
});

describe.skipIf(!FULL || MISSING.length > 0)('The tutorial, played as printed', () => {
  let played: readonly Played[];
  beforeAll(async () => {
    for (const port of PORTS) expect(await isFree(port), `port ${port} must be free to play the page`).toBe(true);
    played = await playAll();
  }, 240_000);

  it.each(BLOCKS.map((block, at) => [block.commands.split('\n')[0]!, block, at] as const))(
    '%s …',
    (_, { printed }, at) => {
      const { code, output } = played[at]!;
      expect(code, output).toBe('0');
      if (printed !== null) expect(output).toMatch(patternOf(printed));
    },
  );
});
