import { afterEach, expect, test, vi } from 'vitest';
import { readFile } from '../../lib/read-file.ts';

afterEach(() => vi.unstubAllGlobals());

// The host's `open` is k6's own on the machine of a user, and the only one that knows Windows.
test.each([
  ['C:\\load\\people.json', 'C:\\load\\people.json'],
  ['d:/load/people.json', 'd:/load/people.json'],
  ['\\\\files\\load\\people.json', '\\\\files\\load\\people.json'],
  ['/load/people.json', '/load/people.json'],
  ['people.json', './people.json'],
  ['load\\people.json', './load\\people.json'],
  ['c:people.json', './c:people.json'],
])('INVENTORY=%s is asked for as %s', (given, asked) => {
  const opened: string[] = [];
  vi.stubGlobal('open', (path: string) => {
    opened.push(path);
    return 'text';
  });
  expect(readFile('INVENTORY', given)).toBe('text');
  expect(opened).toEqual([asked]);
});
