import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Linter } from 'eslint';
import { describe, expect, test } from 'vitest';
import { refuseLackingCalls } from '../../engine/script-calls.ts';
import { SETTINGS } from '../../lib/settings.ts';

/** Globals that every k6 from v0.54 on gives a script (k6-contract.md, section 7), and the intrinsics that Sobek has. */
const K6_GLOBALS = [
  ...['console', 'open', 'require', 'module', 'exports', '__ENV', '__VU', '__ITER'],
  ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
  ...[
    'Object',
    'Function',
    'Array',
    'String',
    'Number',
    'Boolean',
    'Symbol',
    'BigInt',
    'Math',
    'JSON',
    'Date',
    'RegExp',
  ],
  ...[
    'Error',
    'TypeError',
    'RangeError',
    'SyntaxError',
    'Promise',
    'Map',
    'Set',
    'WeakMap',
    'WeakSet',
    'Proxy',
    'Reflect',
  ],
  ...['ArrayBuffer', 'DataView', 'Uint8Array', 'Uint16Array', 'Uint32Array', 'Int32Array', 'Float64Array'],
  ...[
    'parseInt',
    'parseFloat',
    'isNaN',
    'isFinite',
    'encodeURIComponent',
    'decodeURIComponent',
    'undefined',
    'NaN',
    'Infinity',
  ],
];

/** Members of intrinsics that Sobek lacks (k6-contract.md, section 7). */
const LACKING = ['Object.groupBy', 'Map.groupBy', 'Array.fromAsync', 'Promise.withResolvers', 'Math.random'];

/** What in a script would fail on k6's JavaScript machine. */
function complaints(script: string, sourceType: 'commonjs' | 'module' = 'commonjs'): string[] {
  const restricted = [
    { selector: 'ForOfStatement[await=true]', message: 'for await' },
    { selector: 'Literal[regex.pattern=/\\(\\?<[a-zA-Z]/]', message: 'named group' },
    { selector: 'ImportExpression', message: 'dynamic import' },
    // Sobek of k6 v0.57 and older.
    { selector: 'AssignmentExpression[operator=/^(\\?\\?|&&|\\|\\|)=$/]', message: 'logical assignment' },
    { selector: 'CallExpression[callee.type="CallExpression"][callee.optional=true]', message: 'a?.()()' },
    ...LACKING.map((name) => {
      const [object, property] = name.split('.');
      return { selector: `MemberExpression[object.name="${object!}"][property.name="${property!}"]`, message: name };
    }),
  ];
  const messages = new Linter().verify(script, {
    languageOptions: {
      ecmaVersion: 2022,
      sourceType,
      globals: Object.fromEntries(K6_GLOBALS.map((name) => [name, 'readonly' as const])),
    },
    rules: { 'no-undef': 'error', 'no-restricted-syntax': ['error', ...restricted] },
  });
  return messages.map(({ message, line }) => `${line}: ${message}`);
}

/**
 * A library would be seen here at once: faker alone is 10 MB. smoke.js had 59 KB when it played one kind of deployment;
 * real deployments and device drivers came to 37 KB more, clients of three profiles, retries and patience to 8, the settings of
 * scenarios that change while they run to 5, those scenarios themselves to 20, what is said of a target that does not answer to 6.
 */
const MOST_BYTES = 150_000;

/** Tools play one flow with one virtual user: what they carry beside it costs once. */
const MOST_BYTES_OF_TOOLS = 140_000;

const bundlesIn = (folder: string): string[] => readdirSync(folder).filter((file) => file.endsWith('.js'));
const tools = bundlesIn('dist/tools').map((file) => `tools/${file}`);
const bundles = bundlesIn('dist');

test('every folder of scenarios has its bundle, and no other has', () => {
  const built = [...bundles, ...tools.map((tool) => basename(tool))];
  expect(built.sort()).toEqual(
    readdirSync('scenarios')
      .sort()
      .map((name) => `${name}.js`),
  );
});

/** Errors of init code. A class that a flow uses costs each virtual user a hidden class, and all of them V8's caches (bench/RESULTS.md). */
const CLASSES = /^(DecodeError|Wrong|(configuration_error_)?ConfigurationError)$/;

test.each(bundles)('dist/%s declares no class that a flow would use', (bundle) => {
  const declared = [...readFileSync(`dist/${bundle}`, 'utf8').matchAll(/\bclass ([\w$]+)?/g)].map(
    ([, name]) => name ?? '',
  );
  expect(declared.filter((name) => !CLASSES.test(name))).toEqual([]);
});

describe.each([...bundles, ...tools])('dist/%s is an ordinary k6 script', (bundle) => {
  const script = readFileSync(`dist/${bundle}`, 'utf8');

  test('it uses nothing that k6’s JavaScript lacks', () => {
    expect(complaints(script)).toEqual([]);
  });

  test('it makes no call that the engine lacks, and is run without being looked at', () => {
    refuseLackingCalls({ path: bundle, code: script, map: undefined });
  });

  test('it requires only k6 modules', () => {
    const required = [...script.matchAll(/require\("([^"]*)"\)/g)].map(([, name]) => name);
    expect(required).not.toEqual([]);
    expect(required.filter((name) => !/^k6(\/[a-z]+)?$/.test(name!))).toEqual([]);
  });

  test('it holds no library, only our own sources', () => {
    const { sources } = JSON.parse(readFileSync(`dist/${bundle}.map`, 'utf8')) as { sources: string[] };
    const ours = /\/(scenarios|lib|contract|catalogue|simulator\/wire|protocol)\/[\w./-]+\.ts(\?|$)/;
    const others = sources.filter(
      (source) =>
        !ours.test(source) &&
        !/webpack\/(bootstrap|runtime|startup|before-startup|after-startup)/.test(source) &&
        !source.includes('external commonjs "k6'),
    );
    expect(others).toEqual([]);
  });

  test('it carries no meanings of settings: they are for people, who do not read bundles', () => {
    const meanings = [...SETTINGS.values()].map(({ meaning }) => meaning);
    expect(meanings.filter((meaning) => meaning.includes(' ') && script.includes(`"${meaning}"`))).toEqual([]);
    expect(script).not.toMatch(/\bmeaning:/);
  });

  test('it carries no comments, not even one that names its map, and stays small', () => {
    expect(script).not.toMatch(/^\s*(\/\/|\/\*)/m);
    expect(statSync(`dist/${bundle}`).size).toBeLessThan(tools.includes(bundle) ? MOST_BYTES_OF_TOOLS : MOST_BYTES);
  });
});

test('the map of a bundle lies beside it, for whoever reads a stack of k6’s', () => {
  for (const bundle of bundles) expect(readdirSync('dist')).toContain(`${bundle}.map`);
});

test('dist/lib.mjs, which own scripts take in, is an ES module that k6’s JavaScript can run, and holds no library', () => {
  const script = readFileSync('dist/lib.mjs', 'utf8');
  expect(complaints(script, 'module')).toEqual([]);
  const imported = [...script.matchAll(/^import\b.*?from\s*"([^"]*)"/gm)].map(([, name]) => name!);
  expect(imported).toContain('k6/http');
  expect(imported.filter((name) => !/^k6(\/[a-z]+)?$/.test(name))).toEqual([]);
  expect(script).not.toMatch(/\bmeaning:/);
  expect(statSync('dist/lib.mjs').size).toBeLessThan(MOST_BYTES_OF_TOOLS);
});

test.each([
  ['new URL("http://a")', "'URL' is not defined"],
  ['process.exit(1)', "'process' is not defined"],
  ['async function f(x) { for await (const y of x) y; }', 'for await'],
  ['/(?<year>\\d+)/.exec("")', 'named group'],
  ['Object.groupBy([], String)', 'Object.groupBy'],
  ['function f(x) { return x?.()(1); }', 'a?.()()'],
  ['function f(x) { x ??= 1; }', 'logical assignment'],
])('the check catches %s', (script, complaint) => {
  expect(complaints(script).join()).toContain(complaint);
});
