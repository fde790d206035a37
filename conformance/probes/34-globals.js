// UNKNOWN-34: globals, exports of each module, and the JavaScript features available.
/* global exports, require */
const answer = (facts) => console.log(JSON.stringify({ probe: 34, ...facts }));
const MODULES = [
  'k6',
  'k6/crypto',
  'k6/data',
  'k6/encoding',
  'k6/execution',
  'k6/html',
  'k6/http',
  'k6/metrics',
  'k6/timers',
];
const NAMES = [
  'Intl',
  'URL',
  'URLSearchParams',
  'TextEncoder',
  'structuredClone',
  'WeakRef',
  'queueMicrotask',
  'global',
  'crypto',
];
const SYNTAX = {
  'named groups': '/(?<a>x)/.exec("x").groups.a',
  lookbehind: '/(?<=a)b/.test("ab")',
  'unicode properties': '/\\p{L}/u.test("ä")',
  'for await': '(async () => { for await (const x of []) x; })() && 1',
  'Object.groupBy': 'typeof Object.groupBy',
  'Promise.withResolvers': 'typeof Promise.withResolvers',
  'Array.fromAsync': 'typeof Array.fromAsync',
  toSorted: 'typeof [].toSorted',
  'private in': '(class { #a; static has(o) { return #a in o; } }).has({})',
};

const evaluate = (code) => {
  try {
    return String(new Function(`return ${code}`)());
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
};

answer({ globals: Object.getOwnPropertyNames(globalThis).sort() });
answer({ strict: evaluate('(function () { return this === undefined; })()') });
for (const name of NAMES) answer({ name, type: typeof globalThis[name] });
for (const [feature, code] of Object.entries(SYNTAX)) answer({ feature, came: evaluate(code) });
for (const name of MODULES) {
  let module;
  try {
    module = require(name);
  } catch (error) {
    answer({ module: name, fails: String(error.message) });
    continue;
  }
  answer({
    module: name,
    exports: Object.keys(module).sort(),
    default: module.default && Object.keys(module.default).sort(),
  });
}
exports.options = { iterations: 1 };
exports.default = () => undefined;
