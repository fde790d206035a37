import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sectionBelow } from './generated-part.ts';

const PAGE = readFileSync('docs/architecture.md', 'utf8');
const WALKS = sectionBelow(PAGE, 'Four walks through the code');
const TEXTS = new Map<string, string>();

function textOf(file: string): string {
  const known = TEXTS.get(file) ?? readFileSync(file, 'utf8');
  TEXTS.set(file, known);
  return known;
}

/** Files that a file imports, or requires where they are first needed. */
function importsOf(file: string): readonly string[] {
  return [...textOf(file).matchAll(/(?:\bfrom |\bimport |\brequire\(|\bimport\()'(\.[^']+)'/g)].map(([, path]) =>
    normalize(join(dirname(file), path!)),
  );
}

const areLinked = (one: string, other: string): boolean =>
  importsOf(one).includes(other) || importsOf(other).includes(one);

interface Step {
  readonly files: readonly string[];
  /** Files that the first count left out. */
  readonly more: readonly string[];
  /** The file that it comes from, where it is not of the step before. */
  readonly from: string | undefined;
  /** A name that both files know, where neither imports the other. */
  readonly by: string | undefined;
}

const FILE = /`([\w./-]+\/[\w.-]+\.ts)`/g;

function stepOf(line: string): Step {
  const from = /from `([\w./-]+\.ts)`/.exec(line)?.[1];
  const own = line.replace(/from `[\w./-]+\.ts`/, '');
  return {
    files: [...own.matchAll(FILE)].map(([, file]) => file!),
    more: [...own.matchAll(/`([\w./-]+\/[\w.-]+\.ts)` \+/g)].map(([, file]) => file!),
    from,
    by: /\bby `([\w]+)`/.exec(own)?.[1],
  };
}

/** The steps of a walk, in order: its numbered lines, and what goes on below them. */
function stepsOf(title: string): readonly Step[] {
  const walk = WALKS.split('\n### ').find((part) => part.startsWith(`${title}\n`))!;
  return walk.match(/^\d+\. .+(?:\n {2,}.+)*/gm)!.map((line) => stepOf(line.replaceAll(/\n +/g, ' ')));
}

/** The files of a step that nothing links to where the step says that it comes from. */
function unlinked(step: Step, before: Step | undefined): readonly string[] {
  const origins = step.from === undefined ? (before?.files ?? []) : [step.from];
  if (origins.length === 0) return [];
  const { by, files } = step;
  if (by !== undefined) {
    const knows = (file: string): boolean => new RegExp(`\\b${by}\\b`).test(textOf(file));
    return knows(files[0]!) && origins.some(knows) ? [] : files.slice(0, 1);
  }
  return files.filter((file, at) => ![...origins, ...files.slice(0, at)].some((origin) => areLinked(origin, file)));
}

const TITLES = ['The life of a poll', 'The life of a threshold', 'The life of a setting', 'The life of a fault'];

describe.each(TITLES)('%s', (title) => {
  const steps = stepsOf(title);

  test('each step is linked to the one before it, or to the one that it names', () => {
    expect(steps.length).toBeGreaterThan(15);
    const loose = steps.flatMap((step, at) => unlinked(step, steps[at - 1]).map((file) => `${at + 1}: ${file}`));
    expect(loose).toEqual([]);
  });

  test('the counts above are those of its files', () => {
    const all = new Set(steps.flatMap(({ files }) => files));
    const more = new Set(steps.flatMap((step) => step.more));
    const name = title.replace('The life of ', '');
    const row = new RegExp(`^\\| ${name} \\| [a-z ]*\\d+ \\| (\\d+) \\| (\\d+) \\| (\\d+) \\|$`, 'm').exec(WALKS)!;
    expect(row.slice(1).map(Number)).toEqual([all.size - more.size, all.size, steps.length]);
  });

  test('has a picture', () => {
    const walk = WALKS.split('\n### ').find((part) => part.startsWith(title))!;
    expect(walk).toContain('```mermaid\n');
  });
});

test('every file that docs/architecture.md names is there', () => {
  const named = [...PAGE.matchAll(FILE)].map(([, file]) => file!).filter((file) => !file.includes('*'));
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter((file) => !existsSync(file))).toEqual([]);
});

describe('The check itself', () => {
  test.each([
    ['1. `lib/flow/poll.ts`: a', '2. `report/junit.ts`: no import', ['report/junit.ts']],
    ['1. `lib/flow/poll.ts`: a', '2. `lib/flow/client.ts`: by `noSuchName`', ['lib/flow/client.ts']],
    ['1. `report/junit.ts`: a', '2. `lib/flow/poll.ts`: b, from `lib/flow/retry.ts`', ['lib/flow/poll.ts']],
    ['1. `lib/flow/poll.ts`: a', '2. `lib/metrics.ts`: b', []],
  ])('%j, then %j', (before, line, expected) => {
    expect(unlinked(stepOf(line), stepOf(before))).toEqual(expected);
  });
});
