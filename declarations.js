import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/**
 * The declarations of what the package exports, and of what these name, no others: beside the compiled files in build/. Imports in
 * them end with `.js`, which every TypeScript resolves.
 */
const root = fileURLToPath(new URL('.', import.meta.url));
const ENTRIES = {
  'tsconfig.json': ['engine/index.ts', 'simulator/index.ts'],
  'tsconfig.vu.json': ['lib/index.ts'],
};
const IMPORT = /((?:from|import\()\s*['"])(\.{1,2}\/[^'"]+)\.ts(['"])/g;

for (const [config, entries] of Object.entries(ENTRIES)) {
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(root + config, ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const ambient = fileNames.filter((file) => file.endsWith('.d.ts'));
  const program = ts.createProgram([...entries.map((entry) => root + entry), ...ambient], {
    ...options,
    ...{ noEmit: false, declaration: true, emitDeclarationOnly: true, stripInternal: true, incremental: false },
    ...{
      tsBuildInfoFile: undefined,
      noCheck: true,
      allowImportingTsExtensions: false,
      rewriteRelativeImportExtensions: true,
    },
  });
  const wanted = entries.map((entry) => resolve(root, entry));
  for (const file of wanted) {
    const { diagnostics } = program.emit(
      program.getSourceFile(file),
      (_path, text) => {
        const place = join(root, 'build', relative(root, file).replace(/\.ts$/, '.d.ts'));
        for (const [, , path] of text.matchAll(IMPORT)) {
          const next = resolve(dirname(file), `${path}.ts`);
          if (!wanted.includes(next)) wanted.push(next);
        }
        mkdirSync(dirname(place), { recursive: true });
        writeFileSync(place, text.replace(/^import '.*';\n/gm, '').replace(IMPORT, '$1$2.js$3'));
      },
      undefined,
      true,
    );
    if (diagnostics.length > 0)
      throw new Error(
        ts.formatDiagnostics(diagnostics, { ...ts.sys, getCanonicalFileName: String, getNewLine: () => '\n' }),
      );
  }
}
