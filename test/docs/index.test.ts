import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';

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
