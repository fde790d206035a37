import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SETTINGS } from '../../lib/settings.ts';

const page = readFileSync('docs/troubleshooting.md', 'utf8');

const sourceBelow = (folder: string): string =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
const source = [
  'catalogue',
  'cli',
  'contract',
  'engine',
  'lib',
  'population',
  'record',
  'report',
  'scenarios',
  'simulator',
]
  .map(sourceBelow)
  .join('\n')
  .replace(/['`] \+\s+['`]/g, '');

/** What another program or a library says, an answer of HTTP, and what is put together of single words. */
const OF_OTHERS =
  /^(?:pairstorm: not found|404|\.\.\.|-d 5|Warning: Ignoring extra certs .*|unknown option .*|too many arguments .*|TypeError: .*|RATE is "fast"; .*)$/;

/** First cells of the tables of what a line says. */
const cellsOf = (name: string): string[] =>
  readFileSync(name, 'utf8')
    .split('\n\n')
    .filter((paragraph) => paragraph.startsWith('| the line says |'))
    .flatMap((table) => table.split('\n').slice(2))
    .map((row) => row.split(' | ')[0]!);

/** Lines of the product that pages quote; what differs from run to run (numbers, names) is not looked for. */
const quoted = [
  ...[...page.matchAll(/^### .*$/gm)].map(([heading]) => heading),
  ...cellsOf('docs/tutorial.md'),
  ...cellsOf('docs/errors.md'),
]
  .flatMap((text) => [...text.matchAll(/`([^`]+)`/g)].map(([, quote]) => quote!))
  .filter((text) => !OF_OTHERS.test(text));

/** What the product fills in: numbers, names in capitals, files, URLs, flags, scenarios, what stands in brackets or quotes. */
const FILLED_IN =
  /…|"[^"]*"|[()[\]'`;:,]|https?:\S+|\S+\.(?:js|json)\b|\S*\d\S*|--?[a-z-]+|\b[A-Z][A-Z_]*\b(?:=\S+(?: cannot)?)?|\S*\/\S*|\b(?:smoke|load|pairstorm|doctor|stdout|localhost)\b/;

test.each(quoted)('the product still says "%s"', (text) => {
  const longest = text.split(FILLED_IN).sort((a, b) => b.length - a.length)[0]!;
  expect(source.includes(longest.trim()), longest).toBe(true);
});

test('each setting that the page names is one', () => {
  const others = ['PF_BASE', 'NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'];
  const named = [...page.matchAll(/`([A-Z]{2,}(?:_[A-Z0-9]+)+)\b[=`]/g)].map(([, name]) => name!);
  const codes = ['PIN_REQUIRED', 'REQUEST_LIMITED'];
  expect(named.filter((name) => ![...others, ...codes].includes(name) && !SETTINGS.has(name))).toEqual([]);
});
