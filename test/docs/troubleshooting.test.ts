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
  .join('\n');

/** What another program says, or an answer of HTTP. */
const OF_OTHERS = /^(?:pairstorm: not found|404|\.\.\.|-d 5)$/;

/** Lines of the product that headings quote; what differs from run to run (numbers, names) is not looked for. */
const quoted = [...page.matchAll(/^### .*$/gm)]
  .flatMap(([heading]) => [...heading.matchAll(/`([^`]+)`/g)].map(([, text]) => text!))
  .filter((text) => !OF_OTHERS.test(text));

test.each(quoted)('the product still says "%s"', (text) => {
  const longest = text
    .split(/…|\d+|"|\(F|; it |DEVICE_DRIVER=none cannot|INVENTORY|RATE|smoke/)
    .sort((a, b) => b.length - a.length)[0]!;
  expect(source.includes(longest.trim()), longest).toBe(true);
});

test('each setting that the page names is one', () => {
  const others = ['PF_BASE', 'NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'];
  const named = [...page.matchAll(/`([A-Z]{2,}(?:_[A-Z0-9]+)+)\b[=`]/g)].map(([, name]) => name!);
  const codes = ['PIN_REQUIRED', 'REQUEST_LIMITED'];
  expect(named.filter((name) => ![...others, ...codes].includes(name) && !SETTINGS.has(name))).toEqual([]);
});
