import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { encodeInventory } from '../../contract/inventory.ts';
import { makeInventory } from '../../population/inventory.ts';
import { emptyFolder, pairstorm } from '../cli/command.ts';
import type { Ended } from '../cli/command.ts';
import { buildHost, reasonToSkip, runHost } from '../conformance/host.ts';

/** What is cheap, in every run of the tests; all of it with LOST=1. */
const siblings = it.skipIf(process.env['LOST'] === undefined);

const folder = emptyFolder();
const inFolder = (name: string, bytes: Buffer | string): string => {
  writeFileSync(join(folder, name), bytes);
  return name;
};
const utf16le = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');
const utf16be = (text: string): Buffer => utf16le(text).swap16();
const windows = (text: string): Buffer => Buffer.from(text, 'latin1');
const withMark = (text: string): string => `\ufeff${text}`;

const INVENTORY = makeInventory({ users: 60, seed: 5, version: 'test' });
const JSON_TEXT = encodeInventory(INVENTORY).replaceAll('\n', '\r\n');
const SECRET = 'JBSWY3DPEHPK3PXP';
const csv = (separator: string): string =>
  [
    ['username', 'password', 'kind', 'totp_secret'],
    ['mül;ler', 'pä,ss\tword', 'F7', SECRET],
    ['bob', 'two', 'F10', ''],
    ['eve', 'three', 'F11', ''],
  ]
    .map((cells) => `${cells.map((cell) => (/[,;\t]/.test(cell) ? `"${cell}"` : cell)).join(separator)}\r\n`)
    .join('');

/** A run of a few flows with these users, in the folder. */
const play = (inventory: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  pairstorm(folder, ['run', 'smoke', '--workers', '0', '--allow-invalid'], {
    ...{ INVENTORY: inventory, FLOWS: '3', VUS: '3', TIME_SCALE: '0.02' },
    ...env,
  });

describe('A file of users is read as it says that it is written', () => {
  it.each([
    ['UTF-16 as Windows writes it', 'a.csv', utf16le(csv(';'))],
    ['semicolons, as Excel in Europe writes them', 'b.csv', csv(';')],
  ])('CSV in %s', async (_title, name, bytes) => {
    const { code, stderr, stdout } = await play(inFolder(name, bytes));
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('F7');
  });

  siblings.each([
    ['UTF-16 with the high byte first', 'c.csv', utf16be(csv(','))],
    ['UTF-8 with a mark', 'd.csv', withMark(csv(';'))],
    ['tabs, as "Unicode text"', 'e.txt', utf16le(csv('\t'))],
    ['tabs', 'f.tsv', csv('\t')],
  ])('CSV in %s', async (_title, name, bytes) => {
    const { code, stderr } = await play(inFolder(name, bytes));
    expect(code, stderr).toBe(0);
  });

  it.each([['UTF-16', 'a.json', utf16le(JSON_TEXT)]])('JSON in %s', async (_title, name, bytes) => {
    const { code, stderr } = await play(inFolder(name, bytes));
    expect(code, stderr).toBe(0);
  });

  siblings.each([
    ['UTF-8 with a mark', 'b.json', withMark(JSON_TEXT)],
    ['UTF-16 with the high byte first', 'c.json', utf16be(JSON_TEXT)],
  ])('JSON in %s', async (_title, name, bytes) => {
    const { code, stderr } = await play(inFolder(name, bytes));
    expect(code, stderr).toBe(0);
  });
});

describe('A file that is written otherwise is refused by its line', () => {
  const users = 'username,password\r\nada,one\r\nmüller,two\r\n';
  it.each([
    ['Windows-1252', windows(users), /line 3 is not UTF-8; it looks like Windows-1252; save the file as UTF-8/],
    ['a lost character', users.replace('ü', '\ufffd'), /line 3 contains U\+FFFD/],
  ])('%s', async (_title, bytes, says) => {
    const { code, stderr } = await play(inFolder('wrong.csv', bytes));
    expect(stderr).toMatch(says);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(104);
  });

  siblings.each([
    ['UTF-16 without a mark', utf16le(users).subarray(2), /line 1 is not UTF-8; it looks like UTF-16 without a byte/],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x75, 0, 0, 0]), /it is UTF-32; save the file as UTF-8/],
    ['half a UTF-16', utf16le(users).subarray(0, -1), /it is damaged UTF-16/],
    ['no text', Buffer.from([0x75, 0x01, 0xff, 0x02]), /line 1 is not UTF-8; it does not look like text/],
  ])('%s', async (_title, bytes, says) => {
    const { code, stderr } = await play(inFolder('wrong.csv', bytes));
    expect(stderr).toMatch(says);
    expect(code).toBe(104);
  });
});

describe('Every other file of JSON is read alike', () => {
  const population = JSON.stringify({
    ...{ version: 1, description: 'Größe' },
    groups: [{ name: 'all', share: 1, devices: ['push'], phone: 'none', push: { shares: { approve: 1 } } }],
  });
  const samples = [
    { type: 'Metric', metric: 'http_reqs', data: { name: 'http_reqs', type: 'counter', contains: 'default' } },
    ...[0, 1].map((second) => ({
      ...{ type: 'Point', metric: 'http_reqs' },
      data: { time: `2026-01-31T12:00:0${second}Z`, value: 1, tags: { name: 'ü' } },
    })),
  ].map((line) => `${JSON.stringify(line)}\r\n`);
  const summary = JSON.stringify({ metrics: { http_reqs: { thresholds: { 'count>1': { ok: true } } } } });
  const config = '{"iterations": 2, "vus": 1}';
  const files = {
    'pop.json': population,
    'samples.json': samples.join(''),
    'summary.json': summary,
    'config.json': config,
  };
  const script = 'export default function () {}';

  const all = async (write: (text: string) => Buffer | string): Promise<void> => {
    for (const [name, text] of Object.entries(files)) inFolder(name, write(text));
    inFolder('script.js', script);
    const commands = [
      ['inventory', '--users', '20', '--population', './pop.json', '--out', 'made.json'],
      ['import', 'samples.json', '--summary', 'summary.json'],
      ['run', './script.js', '--config', 'config.json', '--workers', '0', '--allow-invalid'],
    ];
    for (const command of commands) {
      const { code, stderr } = await pairstorm(folder, command);
      expect(code, `${command.join(' ')}: ${stderr}`).toBe(0);
    }
  };
  it('in UTF-16', () => all(utf16le));
  siblings.each([
    ['UTF-8 with a mark', withMark],
    ['UTF-16 with the high byte first', utf16be],
  ])('in %s', async (_title, write) => all(write));

  it.each([['samples in Windows-1252', ['import', 'samples.json'], /samples\.json: line 2 is not UTF-8/]])(
    'but for %s',
    async (_title, args, says) => {
      for (const [name, text] of Object.entries(files)) inFolder(name, windows(text));
      const { code, stderr } = await pairstorm(folder, args);
      expect(stderr).toMatch(says);
      expect(code).toBe(104);
    },
  );
  siblings.each([
    ['a population', ['inventory', '--population', './pop.json', '--out', 'x.json'], /line 1 is not UTF-8/],
    ['a configuration', ['run', './script.js', '--config', 'config.json'], /config\.json: line 1 is not UTF-8/],
  ])('but for %s in Windows-1252', async (_title, args, says) => {
    for (const [name, text] of Object.entries(files)) inFolder(name, windows(text.replace('"vus"', '"vüs"')));
    const { code, stderr } = await pairstorm(folder, args);
    expect(stderr).toMatch(says);
    expect(code).toBe(104);
  });
});

it('What a bundle reads by itself is in UTF-16, too: payloads and secrets', async () => {
  inFolder('payloads.txt', utf16le('payload-1\r\npayload-2\r\npayload-3\r\n'));
  inFolder('secret.txt', utf16le('pairstorm-secret\r\n'));
  const { code, stderr } = await play(inFolder('ok.csv', csv(',')), {
    ...{ DEVICE_DRIVER: 'file', PAYLOADS: 'payloads.txt', PF_CLIENT_SECRET_FILE: 'secret.txt' },
    FLOWS: '1',
  });
  expect(stderr).not.toContain('UTF-8');
  expect(code, stderr).toBe(0);
});

siblings(
  'Under k6 a bundle reads them, too, and refuses the others by their line',
  async ({ skip }) => {
    const reason = await reasonToSkip();
    if (reason !== undefined) skip(reason);
    const host = join(folder, 'sobek');
    await buildHost(host);
    const opened = async (name: string, bytes: Buffer | string): Promise<string> => {
      const env = { INVENTORY: join(folder, inFolder(name, bytes)), PF_BASE_URL: 'http://127.0.0.1:1', FLOWS: '3' };
      const bundle = fileURLToPath(new URL('../../dist/smoke.js', import.meta.url));
      return runHost(host, ['--bundle', bundle], { ...env, VUS: '3', TIME_SCALE: '0.02' }).then(JSON.stringify, String);
    };
    for (const bytes of [utf16le(csv(';')), utf16be(csv(',')), withMark(csv('\t'))]) {
      // Past its users, it finds that there is no target.
      expect(await opened('k6.csv', bytes)).toContain('no heartbeat from');
    }
    expect(await opened('k6.csv', windows(csv(',')))).toMatch(
      /INVENTORY: line 2 of .* is not UTF-8, or lost a character/,
    );
    expect(await opened('k6.csv', utf16le(csv(',')).subarray(2))).toMatch(/INVENTORY: line 1 of .* is not UTF-8/);
  },
  120_000,
);
