import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';

/** Folders whose files are made, or come from elsewhere. */
const NOT_OURS = ['.git', 'node_modules', 'build', 'dist', 'results', 'coverage'];

function filesBelow(folder: string, wanted: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.includes(entry.name)) return [];
    const path = normalize(join(folder, entry.name));
    if (entry.isDirectory()) return filesBelow(path, wanted);
    return wanted.test(entry.name) ? [path] : [];
  });
}

const PAGES = filesBelow('.', /\.md$/);
/** Without this file, which names pages that are not there. */
const CODE = filesBelow('.', /\.(?:ts|js|mjs|go|py|ya?ml)$|^(?:Dockerfile.*|run)$/).filter(
  (path) => path !== 'test/docs/links.test.ts',
);

interface Page {
  readonly anchors: ReadonlySet<string>;
  readonly titles: ReadonlySet<string>;
  /** Numbers of its headings: `4`, `4.2`. */
  readonly numbers: ReadonlySet<string>;
  readonly links: readonly string[];
}

/** The anchor that GitHub gives a heading. */
const slug = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-');

function readPage(text: string): Page {
  const tokens = new MarkdownIt({ html: true }).parse(text, {});
  const titles = tokens.flatMap((token, at) =>
    token.type === 'heading_open'
      ? [(tokens[at + 1]!.children ?? []).map(({ type, content }) => (type === 'image' ? '' : content)).join('')]
      : [],
  );
  const anchors = new Set<string>();
  for (const title of titles) {
    const plain = slug(title);
    let anchor = plain;
    for (let again = 1; anchors.has(anchor); again++) anchor = `${plain}-${again}`;
    anchors.add(anchor);
  }
  const links = tokens
    .flatMap(({ children }) => children ?? [])
    .flatMap((token) => token.attrGet('href') ?? token.attrGet('src') ?? []);
  const numbers = titles.flatMap((title) => /^(\d+(?:\.\d+)?)\.? /.exec(title)?.[1] ?? []);
  return { anchors, titles: new Set(titles), numbers: new Set(numbers), links };
}

const pages = new Map(PAGES.map((path) => [path, readPage(readFileSync(path, 'utf8'))]));

/** What is wrong with a link of a page; undefined: nothing, or it leads out of the repository. */
function brokenLink(from: string, link: string): string | undefined {
  if (/^[a-z]+:/i.test(link)) return undefined;
  const [path, anchor] = decodeURI(link).split('#') as [string, string?];
  const target = path === '' ? from : normalize(join(dirname(from), path));
  if (target.startsWith('..')) return `${from}: ${link} leads out of the repository`;
  if (!existsSync(target)) return `${from}: ${link} is not there`;
  if (anchor === undefined || statSync(target).isDirectory()) return undefined;
  return pages.get(target)?.anchors.has(anchor) === false ? `${from}: ${link} has no such heading` : undefined;
}

/** Files that runs and people make, which comments may name. */
const MADE = ['answer.md', 'plan.md', 'report.md', 'comment.md', 'summary.md', 'SYNTAX.md'];

/** Text of a file's comments, in one line, so that a reference may go over two. */
const commentsOf = (text: string): string =>
  text
    .split('\n')
    .flatMap((line) => /(?:\/\*\*?|^\s*\*(?!\/)|(?:^|\s)\/\/|(?:^|\s)#)\s?(.*)$/.exec(line)?.[1] ?? [])
    .join(' ');

/** The name of a page, maybe with `section 4`, `4.2, 6.4`, `sections 1.2 and 7`, and with `, "Title"`. */
const REFERENCE = /([\w./-]+\.md)\b(?:,? (?:sections? )?(\d[\d.]*(?:(?:,| and) \d[\d.]*)*))?(?:, "([^"]+)")?/g;

/** What is wrong with the references to pages in a file's comments. Pages are named from the root, or those of docs/ alone. */
function danglingReferences(file: string, comments: string): string[] {
  return [...comments.matchAll(REFERENCE)].flatMap(([whole, name, numbers, title]) => {
    if (MADE.includes(name!.split('/').at(-1)!)) return [];
    const page = [name!, `docs/${name!}`, join(dirname(file), name!)].map((path) => pages.get(path)).find(Boolean);
    if (page === undefined) return [`${file}: there is no ${name!}`];
    const missing = (numbers?.match(/\d+(?:\.\d+)?/g) ?? []).filter((number) => !page.numbers.has(number));
    const untitled = title !== undefined && ![...page.titles].some((one) => one.replace(/^[\d.]+ /, '') === title);
    return missing.length > 0 || untitled ? [`${file}: ${whole} is not there`] : [];
  });
}

const contract = readFileSync('docs/k6-contract.md', 'utf8');
const openQuestions = [
  ...contract
    .split('\n## 12.')[1]!
    .split('\n## ')[0]!
    .matchAll(/^\| (\d+) \|/gm),
].map(([, n]) => n!);

describe('Nothing that is referred to is missing', () => {
  test.each(PAGES)('%s: every link and anchor leads somewhere', (path) => {
    expect(pages.get(path)!.links.flatMap((link) => brokenLink(path, link) ?? [])).toEqual([]);
  });

  test('every document that a comment names is there, with its section', () => {
    expect(CODE.length).toBeGreaterThan(200);
    expect(CODE.flatMap((file) => danglingReferences(file, commentsOf(readFileSync(file, 'utf8'))))).toEqual([]);
  });

  test('every document that a page names in backticks is there', () => {
    const named = PAGES.flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/`([\w./-]+\.md)`/g)]
        .map(([, name]) => name!)
        .filter((name) => !MADE.includes(name.split('/').at(-1)!))
        .filter((name) => ![name, `docs/${name}`, normalize(join(dirname(path), name))].some((one) => pages.has(one)))
        .map((name) => `${path}: ${name}`),
    );
    expect(named).toEqual([]);
  });

  test('every UNKNOWN-n is an open question of docs/k6-contract.md with a probe, and each question has one', () => {
    const probes = readdirSync('conformance/probes').flatMap((name) => /^(\d\d)[a-z]?-.*\.js$/.exec(name)?.[1] ?? []);
    expect([...new Set(probes.map(Number))].map(String)).toEqual(openQuestions);
    const unknown = [...PAGES, ...CODE].flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/UNKNOWN-(\d+)|\bprobes? (\d+)\b/g)]
        .filter(([, question, probe]) => !openQuestions.includes(question ?? probe!))
        .map(([whole]) => `${file}: ${whole}`),
    );
    expect(unknown).toEqual([]);
  });
});

describe('The check itself', () => {
  test.each([
    ['[a](nowhere.md)', 'is not there'],
    ['[a](metrics.md#nowhere)', 'has no such heading'],
    ['[a](../../elsewhere.md)', 'leads out of the repository'],
  ])('finds %s', (text, expected) => {
    expect(brokenLink('docs/README.md', readPage(text).links[0]!)).toMatch(expected);
  });

  test.each([
    '/** See nowhere.md. */',
    '// Times (k6-contract.md 99.1).',
    ' * as k6 has it (k6-contract.md\n * 4.1, 6.99).',
    '# docs/architecture.md, "No such part"',
  ])('finds %j', (comment) => {
    expect(danglingReferences('engine/x.ts', commentsOf(comment))).toHaveLength(1);
  });

  test('takes what is there', () => {
    const comment =
      '/** As k6 does (k6-contract.md 4.1, 6.4; docs/architecture.md,\n * "The rooms"; protocol.md section 5). */';
    expect(danglingReferences('engine/x.ts', commentsOf(comment))).toEqual([]);
  });
});
