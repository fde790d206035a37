import js from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom (docs/architecture.md, "The rooms"): a room may import itself and the rooms listed. Nothing imports cli or bench.
 */
const DATA = ['contract', 'catalogue', 'protocol'];
const ROOMS = {
  protocol: [],
  catalogue: ['protocol'],
  contract: ['catalogue', 'protocol'],
  lib: DATA,
  scenarios: ['lib', ...DATA],
  engine: ['contract', 'catalogue'],
  simulator: DATA,
  population: DATA,
  dashboards: DATA,
  record: DATA,
  analysis: ['record', ...DATA],
  report: ['analysis', 'record', ...DATA],
  cli: ['engine', 'simulator', 'population', 'record', 'analysis', 'report', ...DATA],
  bench: ['engine', 'simulator', 'population', 'record', 'analysis', 'report', ...DATA],
};

/** Files and folders that a room may import from a room that is closed to it: pure data, or pure functions on it. */
const EXCEPTIONS = {
  lib: { simulator: ['./wire'] },
  scenarios: { simulator: ['./wire'] },
  report: { simulator: ['./wire'] },
  population: { simulator: ['./wire'] },
  cli: {
    lib: [
      ...['./settings.ts', './summary.ts', './load-model.ts', './target.ts'],
      ...['./population/human-duration.ts', './population/slices.ts'],
    ],
    scenarios: [
      'capacity/answer',
      'capacity/load',
      'spike/answer',
      'spike/load',
      'resilience/answer',
      'resilience/load',
      'doctor/line',
      'trace/line',
    ].map((file) => `./${file}.ts`),
  },
};

const zones = Object.entries(ROOMS).flatMap(([room, allowed]) =>
  Object.keys(ROOMS)
    .filter((other) => other !== room && !allowed.includes(other))
    .map((other) => ({
      target: `./${room}`,
      from: `./${other}`,
      except: EXCEPTIONS[room]?.[other] ?? [],
      message: `${room}/ does not import ${other}/: dependencies point one way (see CONTRIBUTING.md).`,
    })),
);

/** engine/http is a client that can be used alone: what it needs of its host is in engine/http/ports.ts. */
zones.push({
  target: './engine/http',
  from: './engine',
  except: ['./http'],
  message: 'engine/http/ knows its host by engine/http/ports.ts only.',
});

/** What runs in a virtual user must run in k6: none of these exists there (or they are Node's or the browser's). */
const NOT_IN_A_VIRTUAL_USER = [
  ...['process', 'Buffer', 'global', 'globalThis', 'setImmediate', 'clearImmediate', '__dirname', '__filename'],
  ...['window', 'document', 'navigator', 'location', 'localStorage', 'fetch', 'XMLHttpRequest', 'WebSocket'],
  ...['URL', 'URLSearchParams', 'TextEncoder', 'TextDecoder', 'Intl', 'structuredClone', 'performance'],
  ...['WeakRef', 'FinalizationRegistry', 'queueMicrotask', 'Atomics', 'SharedArrayBuffer', 'WebAssembly', 'crypto'],
  ...['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'atob', 'btoa', 'AbortController', 'Headers'],
];

export default tseslint.config(
  { ignores: ['build/', 'dist/', 'results/', 'node_modules/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './tsconfig.vu.json', './tsconfig.test.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.js'] } } },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      // Node 20 may collect what these give before it fires (nodejs/node#57736).
      'no-restricted-properties': [
        'error',
        ...['timeout', 'any'].map((property) => ({
          object: 'AbortSignal',
          property,
          message: 'A time-out is a timer: engine/deadline.ts.',
        })),
      ],
      'max-lines': ['error', { max: 350, skipBlankLines: false, skipComments: false }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A number in a message needs no String().
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // noUncheckedIndexedAccess makes every index optional; `!` marks those that a bound has just checked.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/require-await': 'off',
      // @types/k6 describes plain option objects as classes.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    files: ['scenarios/**', 'lib/**', 'contract/**', 'catalogue/**', 'simulator/wire/**', 'protocol/**'],
    rules: {
      'no-restricted-globals': ['error', ...NOT_IN_A_VIRTUAL_USER],
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(?!\\.|k6$|k6/)', message: 'A virtual user has only k6 modules and our own files.' }] },
      ],
      // webpack makes a `require`d file a function that is evaluated when it is needed (lib/test.ts).
      '@typescript-eslint/no-require-imports': 'off',
      'no-restricted-syntax': [
        'error',
        { selector: 'ForOfStatement[await=true]', message: 'k6 has no for await.' },
        { selector: 'Literal[regex.pattern=/\\(\\?<[a-zA-Z]/]', message: 'k6 has no named groups.' },
        {
          selector: 'ChainExpression > CallExpression[callee.type="CallExpression"][callee.optional=true]',
          message: 'Sobek goes on with the second call of a?.()() where there is nothing to call.',
        },
        {
          selector: 'MemberExpression[object.name="Math"][property.name="random"]',
          message: 'Draws are by hash: contract/draw.ts.',
        },
      ],
    },
  },
  {
    // The way into the package: whoever starts a simulator without users gets some.
    files: ['simulator/index.ts'],
    rules: { 'import-x/no-restricted-paths': 'off' },
  },
  {
    files: ['test/**', 'bench/**'],
    rules: {
      'max-lines': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    // k6 scripts in JavaScript, and what runs beside them on Node.
    files: ['examples/**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        ...{ __ENV: 'readonly', open: 'readonly', setTimeout: 'readonly', console: 'readonly' },
        ...{ process: 'readonly', Buffer: 'readonly', fetch: 'readonly' },
      },
    },
  },
  { files: ['**/*.js'], languageOptions: { globals: { URL: 'readonly', console: 'readonly', process: 'readonly' } } },
);
