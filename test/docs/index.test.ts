import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { WIDTH } from './generated-part.ts';

const index = readFileSync('docs/README.md', 'utf8');
const PAGES = readdirSync('docs').filter((name) => name.endsWith('.md') && name !== 'README.md');

test.each(PAGES)('docs/README.md has a row for %s, with what it holds', (name) => {
  expect(index).toMatch(new RegExp(`^\\| \\[${name}\\]\\(${name}\\) \\| \\S.+ \\|$`, 'm'));
});

test('README.md leads to the index, to help, to security and to the rules', () => {
  const front = readFileSync('README.md', 'utf8');
  for (const page of [
    'docs/README.md',
    'docs/troubleshooting.md',
    'examples/README.md',
    'SECURITY.md',
    'CONTRIBUTING.md',
  ]) {
    expect(front).toContain(`](${page})`);
  }
});

test.each(['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...PAGES.map((name) => `docs/${name}`), 'docs/README.md'])(
  '%s has lines of at most 120 characters, except tables and code',
  (page) => {
    const prose = readFileSync(page, 'utf8')
      .replace(/^(```+)[^\n]*\n[\s\S]*?^\1$/gm, '')
      .split('\n');
    const unbreakable = /^\s*\||^`[^`]*`\S*$/;
    expect(prose.filter((line) => line.length > WIDTH && !unbreakable.test(line))).toEqual([]);
  },
);
