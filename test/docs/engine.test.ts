import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sectionBelow } from './generated-part.ts';

const GUIDE = readFileSync(new URL('../../docs/engine.md', import.meta.url), 'utf8');

/** Rows of the table below a heading, cell by cell. */
function rowsBelow(heading: string): string[][] {
  return sectionBelow(GUIDE, heading)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\|? ?| ?\|?$/g, '')));
}

const SAME = rowsBelow('Same').map((cells) => ({ feature: cells[0]!, held: cells.at(-1)! }));

test('the table of what is the same is there', () => {
  expect(SAME.length).toBeGreaterThan(40);
});

test.each(SAME)('$feature is the same as in k6, and the test that the guide names exists', ({ held }) => {
  const [, file, title] = /^([\w/-]+): (.+)$/.exec(held)!;
  const path = file!.includes('/') ? `../${file!}.test.ts` : `../engine/${file!}.test.ts`;
  const url = new URL(path, import.meta.url);
  expect(existsSync(url), held).toBe(true);
  const source = readFileSync(url, 'utf8');
  expect(
    [`'${title!}`, `"${title!}`].some((start) => source.includes(start)),
    held,
  ).toBe(true);
});
