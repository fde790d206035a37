import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { wrapped } from './generated-part.ts';

/** What each entry of the package's `exports` is made of. */
const ENTRIES = { 'pairstorm/engine': 'engine', 'pairstorm/simulator': 'simulator', 'pairstorm/lib': 'lib' };

const parse = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);

/** A docstring as Markdown: paragraphs wrapped anew, code as it is. */
function docOf(text: string): string {
  const plain = text.replace(/^\/\*\*|\*\/$/g, '').replace(/^[ \t]*\* ?/gm, '');
  return plain
    .replace(/docs\/([\w-]+\.md)/g, '[$1]($1)')
    .split(/(```[\s\S]*?```)/)
    .map((part) =>
      part.startsWith('```')
        ? part
        : part
            .trim()
            .split(/\n{2,}/)
            .map(wrapped)
            .join('\n\n'),
    )
    .join('\n\n')
    .trim();
}

/** The docstring of a declaration: the last one before it. */
function docBefore(node: ts.Node, source: ts.SourceFile): string {
  const ranges = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
  const last = ranges.map(({ pos, end }) => source.text.slice(pos, end)).findLast((text) => text.startsWith('/**'));
  return last === undefined ? '' : docOf(last);
}

interface Declared {
  readonly node: ts.Statement;
  readonly source: ts.SourceFile;
}

/** Where a name that a file exports is declared: there, or in the file that it is taken from. */
function declarationOf(name: string, path: string): Declared {
  const source = parse(path);
  for (const node of source.statements) {
    const own = ts.isVariableStatement(node)
      ? node.declarationList.declarations.some((one) => one.name.getText() === name)
      : (ts.isFunctionDeclaration(node) ||
          ts.isInterfaceDeclaration(node) ||
          ts.isTypeAliasDeclaration(node) ||
          ts.isClassDeclaration(node)) &&
        node.name?.text === name;
    if (own) return { node, source };
  }
  for (const node of source.statements) {
    const from = ts.isExportDeclaration(node) || ts.isImportDeclaration(node) ? node.moduleSpecifier : undefined;
    if (from === undefined || !ts.isStringLiteral(from) || !from.text.startsWith('.')) continue;
    if (new RegExp(`\\b${name}\\b`).test(node.getText())) return declarationOf(name, join(dirname(path), from.text));
  }
  throw new Error(`${path} does not declare ${name}`);
}

/** Names that a file exports, as they stand. */
function exportsOf(source: ts.SourceFile): string[] {
  return source.statements.flatMap((node) => {
    if (ts.isExportDeclaration(node) && node.exportClause && ts.isNamedExports(node.exportClause))
      return node.exportClause.elements.map(({ name }) => name.text);
    const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
    if (!modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    if (ts.isVariableStatement(node)) return node.declarationList.declarations.map((one) => one.name.getText());
    return (node as ts.DeclarationStatement).name?.getText() ?? [];
  });
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|');

/** How a function or value is written where it is declared, without what it does. */
function signatureOf(name: string, node: ts.Statement): string {
  if (ts.isFunctionDeclaration(node)) {
    const parameters = node.parameters.map((one) => one.getText()).join(', ');
    return `${name}(${parameters}): ${node.type!.getText()}`;
  }
  if (ts.isVariableStatement(node)) {
    const { type, initializer } = node.declarationList.declarations[0]!;
    if (initializer !== undefined && ts.isArrowFunction(initializer)) {
      return `${name}(${initializer.parameters.map((one) => one.getText()).join(', ')}): ${initializer.type!.getText()}`;
    }
    return `${name}: ${type!.getText()}`;
  }
  return ts.isClassDeclaration(node) ? `class ${name}` : name;
}

/** A row for each member that has a docstring or a type; what is private stays so. */
function membersOf(node: ts.InterfaceDeclaration | ts.ClassDeclaration, source: ts.SourceFile): string[] {
  const rows = [...node.members].flatMap((member) => {
    if (member.name === undefined || ts.isPrivateIdentifier(member.name)) return [];
    if (docBefore(member, source).startsWith('@internal')) return [];
    const optional = ts.isPropertySignature(member) && member.questionToken !== undefined ? '?' : '';
    const text =
      ts.isMethodSignature(member) || ts.isMethodDeclaration(member)
        ? `${member.name.getText()}(${member.parameters.map((one) => one.getText()).join(', ')}): ${member.type?.getText() ?? 'void'}`
        : `${member.name.getText()}${optional}: ${(member as ts.PropertySignature).type?.getText() ?? 'string'}`;
    return [`| \`${oneLine(text)}\` | ${oneLine(docBefore(member, source))} |`];
  });
  return rows.length === 0 ? [] : ['', '| member | what it is |', '|---|---|', ...rows];
}

function sectionOf(name: string, entry: string): string[] {
  const { node, source } = declarationOf(name, entry);
  const isType = ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
  const members = ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node) ? membersOf(node, source) : [];
  const code = isType ? [] : ['```ts', signatureOf(name, node), '```', ''];
  const doc = docBefore(node, source);
  expect(doc, `${name} of ${entry} has a docstring`).not.toBe('');
  return [`### ${name}`, '', ...code, doc, ...members, ''];
}

function page(): string {
  const parts = Object.entries(ENTRIES).flatMap(([title, room]) => {
    const entry = `${room}/index.ts`;
    const source = parse(entry);
    return [
      `## ${title}`,
      '',
      docBefore(source.statements[0]!, source).replace(/^`[^`]+`: (.)/, (_all, letter: string) => letter.toUpperCase()),
      '',
      // What one calls comes before what one calls it with.
      ...exportsOf(source)
        .map((name) => sectionOf(name, entry))
        .sort((a, b) => Number(b.includes('```ts')) - Number(a.includes('```ts')))
        .flat(),
    ];
  });
  return [
    '# Library',
    '',
    'What a program or a script of yours can import from the package, with types. ES modules, Node 20.18.1 or later; anything',
    'that is not on this page may change without notice. [examples/own-flow](../examples/own-flow/README.md) is a script that',
    'runs.',
    '',
    '`pairstorm/dist/smoke.js` and the other bundles, `pairstorm/package.json` and the JSON Schemas',
    '(`pairstorm/record/run.schema.json` and others) can be resolved too: `import.meta.resolve("pairstorm/dist/smoke.js")`.',
    '',
    'This page is made from the docstrings in the code by `npx vitest run test/docs -u`; a test keeps them in step.',
    '',
    ...parts,
  ].join('\n');
}

test('docs/api.md says what the docstrings of the exports say', async () => {
  await expect(page()).toMatchFileSnapshot('../../docs/api.md');
});
