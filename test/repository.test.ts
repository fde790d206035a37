import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

test('the commit hook is a shell script that git can start, and calls only what is installed', () => {
  const hook = '.githooks/pre-commit';
  expect(statSync(hook).mode & 0o111).toBe(0o111);
  execFileSync('bash', ['-n', hook]);
  const text = readFileSync(hook, 'utf8');
  expect(text.match(/npx (?!--no-install )/g)).toBeNull();
  for (const part of ['eslint', 'prettier --check', 'npm run --silent typecheck']) {
    expect(text).toContain(part);
  }
});

const FORMS = readdirSync('.github/ISSUE_TEMPLATE').filter((name) => name !== 'config.yml');

test.each(FORMS)('the form %s has what GitHub asks of one', (name) => {
  const form = parse(readFileSync(`.github/ISSUE_TEMPLATE/${name}`, 'utf8')) as {
    readonly name: string;
    readonly description: string;
    readonly body: readonly { readonly type: string; readonly id?: string }[];
  };
  expect(form.name).toBeTruthy();
  expect(form.description).toBeTruthy();
  const fields = form.body.filter(({ type }) => type !== 'markdown');
  for (const { type } of fields) expect(['textarea', 'input', 'dropdown']).toContain(type);
  const ids = fields.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

/** Pages that tell people what to type, wherever they stand. */
const PAGES = ['README.md', 'CONTRIBUTING.md', ...readdirSync('docs').map((name) => `docs/${name}`)];

test.each(PAGES)('%s never lets npx ask the registry for a package that is not there', (page) => {
  const lines = readFileSync(page, 'utf8').split('\n');
  const commands = lines.filter((line) => /^npx pairstorm|`npx pairstorm [^`]+`/.test(line));
  expect(commands).toEqual([]);
});
