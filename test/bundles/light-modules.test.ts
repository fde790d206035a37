import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import webpack from 'webpack';
import type { WebpackPluginInstance } from 'webpack';

/** JavaScript, as webpack's configuration is: the compiler knows nothing of it. */
const PLUGIN = new URL('../../webpack.light-modules.js', import.meta.url).href;
const { default: LightModules } = (await import(PLUGIN)) as { readonly default: new () => WebpackPluginInstance };

const folder = mkdtempSync(join(tmpdir(), 'pairstorm-light-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Bundles files as scenarios are, the first of them being the entry. */
async function bundled(files: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, name), source);
  const compiler = webpack({
    mode: 'production',
    entry: join(folder, Object.keys(files)[0]!),
    output: { path: folder, filename: 'bundle.cjs', library: { type: 'commonjs-static' } },
    target: ['web', 'es2022'],
    externals: /^k6(\/.*)?$/,
    externalsType: 'commonjs',
    // Without a loader webpack would strip types itself where Node can, and leave `require` alone.
    module: { rules: [{ test: /\.ts$/, loader: 'esbuild-loader', options: { target: 'es2022' } }] },
    plugins: [new LightModules()],
    devtool: false,
    optimization: { minimize: false, moduleIds: 'natural', concatenateModules: false },
  });
  const problems = await new Promise<string>((resolve, reject) =>
    compiler.run((error, stats) => (error ? reject(error) : resolve(stats!.toString({ all: false, errors: true })))),
  );
  if (problems !== '') throw new Error(problems);
  return readFileSync(join(folder, 'bundle.cjs'), 'utf8');
}

/** Evaluates a bundle; `noted` has what its modules told `note`. */
function evaluated(script: string) {
  const exports: Record<string, () => unknown> = {};
  const noted: string[] = [];
  const require = (name: string) => ({ note: (what: string) => noted.push(`${name} ${what}`) });
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- as hosts do
  new Function('exports', 'require', script)(exports, require);
  return { exports, noted };
}

describe('modules in a bundle', () => {
  const files = {
    'entry.ts': `
      import { twice } from './again.ts';
      import './told.ts';
      const later = () => require('./later.ts');
      export const now = () => twice(2);
      export default () => later().answer() + later().answer();`,
    'again.ts': `export { twice } from './twice.ts';`,
    'twice.ts': `import './told.ts'; export function twice(value) { return 2 * value; }`,
    'told.ts': `import k6 from 'k6/noted'; k6.note('told');`,
    'later.ts': `
      import { note } from 'k6/noted';
      import { twice } from './again.ts';
      note('later');
      export const answer = () => twice(10) + 1;`,
  };

  test('are evaluated once, and those behind a require when they are first needed', async () => {
    const { exports, noted } = evaluated(await bundled(files));
    expect(exports['now']!()).toBe(4);
    expect(noted).toEqual(['k6/noted told']);
    expect(exports['default']!()).toBe(42);
    expect(noted).toEqual(['k6/noted told', 'k6/noted later']);
  });

  test('have no getter, no record and no list of functions, which each virtual user would pay for', async () => {
    const script = await bundled(files);
    expect(script).not.toMatch(/__webpack_require__\.|__webpack_modules__|exports: \{\}/);
  });

  test('bind once what they take of each other, by its name where that is free, and leave k6 every use', async () => {
    const script = await bundled({
      'entry.ts': `
        import { note } from 'k6/noted';
        import { list, twice as double } from './tables.ts';
        import * as tables from './more.ts';
        const twice = (value) => double(double(value));
        export default () => { note('used'); return [...list, twice(1), double(list.length), tables.one + tables.two]; };`,
      'tables.ts': `export const list = [3]; export const twice = (value) => 2 * value;`,
      'more.ts': `export const one = 1; export const two = 2;`,
    });
    expect(evaluated(script).exports['default']!()).toEqual([3, 4, 2, 3]);
    expect(script).toMatch(/var \{ \w+: _tables_\w+, \w+: list \} = __webpack_require__\(\d+\);/);
    expect(script).toMatch(/\[\.\.\.list, twice\(1\), _tables_\w+\(list\.length\)/);
    expect(script).toMatch(/k6_noted_\w+\.note\("used"\)/);
  });

  test('must not export what is bound anew, because its importers would not see it', async () => {
    const counting = {
      'entry.ts': `export { count } from './count.ts';`,
      'count.ts': 'export let count = 0; count++;',
    };
    await expect(bundled(counting)).rejects.toThrow('export let count cannot be followed');
  });
});
