import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sectionBelow } from './generated-part.ts';

const PAGE = readFileSync('docs/extending.md', 'utf8');
const RECIPES = [
  ...['A setting', 'A metric', 'A flow kind', 'A protocol step', 'An executor', 'A report section', 'A fault'],
];

/** One place of an example: lines that are in the file now, and the lines that they become. */
interface Hunk {
  readonly file: string;
  readonly now: string;
  readonly then: string;
}

/** The places of a recipe's example; of a new file there is one, and nothing is there now. */
function hunksOf(recipe: string): readonly Hunk[] {
  const blocks = [...recipe.matchAll(/^```diff\n(.*?)^```$/gms)].map(([, block]) => block!);
  return blocks
    .flatMap((block) => block.split(/^--- /m).slice(1))
    .flatMap((part) => {
      const [file, ...rest] = part.split('\n') as [string, ...string[]];
      return rest
        .join('\n')
        .split(/^@@\n/m)
        .map((hunk): Hunk => {
          const lines = hunk.replace(/\n$/, '').split('\n');
          const without = (mark: string): string =>
            lines.flatMap((line) => (line.startsWith(mark) ? [] : [`${line.slice(1)}\n`])).join('');
          return { file, now: without('+'), then: without('-') };
        });
    });
}

/** What is wrong with a place; undefined: it can be changed as the example says. */
function misfit({ file, now, then }: Hunk): string | undefined {
  if (now === then) return `${file}: nothing changes`;
  if (now === '') return existsSync(file) ? `${file} is there already` : undefined;
  const places = readFileSync(file, 'utf8').split(now).length - 1;
  return places === 1 ? undefined : `${file} has ${places} places for ${JSON.stringify(now)}`;
}

describe.each(RECIPES)('%s', (title) => {
  const recipe = sectionBelow(PAGE, title);
  const files = new Set(hunksOf(recipe).map(({ file }) => file));

  test('the example fits the code as it is', () => {
    expect(hunksOf(recipe).flatMap((hunk) => misfit(hunk) ?? [])).toEqual([]);
  });

  test('its steps name the files of its example, in that order, and the table above says how many', () => {
    const steps = recipe.split('```diff')[0]!;
    const places = [...files].map((file) => steps.indexOf(`\`${file}\``));
    expect([...files].filter((file) => !steps.includes(`\`${file}\``))).toEqual([]);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    const name = title.toLowerCase();
    const row = new RegExp(`^\\| \\[${name}\\]\\(#${name.replaceAll(' ', '-')}\\) \\| (\\d+) \\|`, 'm').exec(PAGE)!;
    expect(Number(row[1])).toBe(files.size);
  });

  test('it names tests to run, and they are there', () => {
    const commands = recipe.split('\nRun:\n\n```\n')[1]!.split('```')[0]!;
    const named = [...commands.matchAll(/\btest\/[\w./-]+/g)].map(([path]) => path);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });
});
