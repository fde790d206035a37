import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../engine/run.ts';
import type { RunResult } from '../../engine/result.ts';
import { runInWorkers } from './compiled-engine.ts';
import { ON_ANY_MACHINE, runScript, writeScript } from './script-fixture.ts';

/** Reads a script under a name of its own, as `pairstorm run FILE` does. */
async function runNamed(name: string, source: string): Promise<RunResult> {
  const bundlePath = join(dirname(writeScript('', { [name]: source })), name);
  return run({ bundlePath, env: {}, ...ON_ANY_MACHINE });
}

const SEEN: readonly (readonly [title: string, name: string, source: string, named: readonly string[]])[] = [
  [
    'a default import',
    'usual.ts',
    `import http from 'k6/http';\nimport { sleep } from 'k6';\n\nexport default function (): void {\n  const res = http.get('http://127.0.0.1:1/');\n  sleep(1);\n  return void res;\n}`,
    ["usual.ts:5:15: http.get(), write `await http.asyncRequest('GET', url", 'usual.ts:6:3: sleep(), write `await new'],
  ],
  [
    'a namespace, named imports with other names, an alias',
    'usual.mjs',
    `import * as net from 'k6/http';\nimport { post as send } from 'k6/http';\nconst put = net.put;\nexport default () => { net['batch']([]); send('x'); put('x'); net.del('x'); net.del('x'); };`,
    [': http.batch()', 'usual.mjs:4:42: http.post()', 'usual.mjs:4:53: http.put()', '; and 2 more'],
  ],
  [
    'require, whole or taken apart, also below its use',
    'usual.js',
    `exports.default = () => { patch('x'); (0, http.head)('x'); };\nconst http = require('k6/http').default;\nconst { patch } = require('k6/http');\nrequire('k6/http').request('GET', 'x');`,
    ['usual.js:1:27: http.patch()', 'usual.js:1:43: http.head()', 'usual.js:4:1: http.request()'],
  ],
];

test.each(SEEN)('what the engine lacks is named before any load: %s', async (_title, name, source, named) => {
  const result = await runNamed(name, source);
  expect(result).toMatchObject({ exitCode: 104, iterations: { started: 0 }, findings: [{ code: 'unusable' }] });
  for (const part of named) expect(result.reason).toContain(part);
  expect(result.reason).not.toContain('\n');
});

test('a script is not refused for a name that it only looks at, or that is another', async () => {
  const result = await runScript(`
    const http = require('k6/http');
    const { get } = { get: () => 'own' };
    const rows = new Map([['a', 1]]);
    if (typeof http.get === 'function' && http.batch) console.log('there');
    function other(http) { return http.get('a'); }
    exports.default = () => {
      const sleep = (ms) => ms;
      { const http = { get: () => 'inner' }; console.log(http.get()); }
      console.log(get(), rows.get('a'), other(rows), sleep(1));
      try { throw { get: () => 'caught' }; } catch (http) { console.log(http.get()); }
    };`);
  expect(result).toMatchObject({ exitCode: 0 });
  expect(result.said.filter((line) => line !== 'there')).toEqual(['inner', 'own 1 1 1', 'caught']);
});

/** A call that nobody sees in the text, in each of many iterations. */
const HIDDEN = `
  const http = require('k6/http');
  exports.options = { scenarios: { s: { executor: 'shared-iterations', vus: 2, iterations: 100000, maxDuration: '1h' } } };
  exports.teardown = () => console.log('teardown');
  exports.default = async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    CALL
  };`;
const CALL = `http[['g', 'et'].join('')]('http://127.0.0.1:1/');`;

test('what nobody could see ends the run at its first call, with 107 and its place', async () => {
  const result = await runScript(HIDDEN.replace('CALL', CALL));
  expect(result).toMatchObject({ exitCode: 107, verdict: 'error', findings: [{ code: 'unsupported_call' }] });
  expect(result.reason).toMatch(
    /^http\.get\(\) is not supported by this engine: .* write `await http\.asyncRequest\('GET', url, null, params\)` \(script\.js:7:\d+\)$/,
  );
  expect(result.iterations.started).toBeLessThan(100);
  expect(result.said).toEqual(['teardown']);
});

test('a script that catches the error does not go on either', async () => {
  const result = await runScript(HIDDEN.replace('CALL', `try { ${CALL} } catch {}`));
  expect(result).toMatchObject({ exitCode: 107, findings: [{ code: 'unsupported_call' }] });
  expect(result.iterations.started).toBeLessThan(100);
});

test.each([
  ['group', `require('k6')`, `k6.group('g', async () => {});`, 'group "g" is an async function'],
  [
    'res.html',
    `undefined`,
    `(await http.asyncRequest('GET', 'http://127.0.0.1:1/')).html();`,
    'html() is not supported',
  ],
  ['params.auth', `undefined`, `http.asyncRequest('GET', 'http://127.0.0.1:1/', null, { auth: 'ntlm' });`, "'ntlm'"],
])('%s in a form that the engine lacks ends the run', async (_name, k6, call, reason) => {
  const result = await runScript(`const k6 = ${k6};\n${HIDDEN.replace('CALL', call)}`);
  expect(result).toMatchObject({ exitCode: 107, findings: [{ code: 'unsupported_call' }] });
  expect(result.reason).toContain(reason);
});

test.each(['setup', 'teardown', 'handleSummary'])('in %s it ends the run as well', async (name) => {
  const result = await runScript(`
    const http = require('k6/http');
    exports.${name} = () => { ${CALL} };
    exports.default = () => {};`);
  expect(result).toMatchObject({ exitCode: 107, findings: [{ code: 'unsupported_call' }] });
});

test('a worker thread ends the run for all of them', async () => {
  const result = await runInWorkers(HIDDEN.replace('CALL', `if (__VU === 2) ${CALL}`), {});
  expect(result).toMatchObject({ exitCode: 107, findings: [{ code: 'unsupported_call' }] });
  expect(result.reason).toMatch(/^http\.get\(\) is not supported .*\(script\.js:7:\d+\)$/);
  expect(result.iterations.started).toBeLessThan(10_000);
});
