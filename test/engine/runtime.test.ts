import { createHash, createHmac } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { runScript, writeScript } from './script-fixture.ts';

test('what k6 lacks is hidden, as a name and on globalThis', async () => {
  const names = [
    'URL',
    'URLSearchParams',
    'TextEncoder',
    'TextDecoder',
    'Intl',
    'structuredClone',
    'fetch',
    'Buffer',
    'process',
    'WeakRef',
    'FinalizationRegistry',
    'queueMicrotask',
    'Atomics',
    'SharedArrayBuffer',
    'WebAssembly',
    'setImmediate',
    'performance',
    'AbortController',
  ];
  const result = await runScript(`exports.default = () => {
    console.log(${names.map((name) => `typeof ${name}`).join(', ')});
    console.log(${JSON.stringify(names)}.filter((name) => name in globalThis).length, typeof Promise.withResolvers, typeof Object.groupBy, typeof Array.fromAsync, typeof Map.groupBy);
    console.log(typeof console.log, typeof crypto.randomUUID(), typeof globalThis.setTimeout, global === globalThis, this === undefined);
  };`);
  expect(result.said).toEqual([
    names.map(() => 'undefined').join(' '),
    '0 undefined undefined undefined undefined',
    'function string function true true',
  ]);
});

test('VUs share no globals and cannot change built-ins, and ordinary code does not notice', async () => {
  const result = await runScript(`
    exports.options = { vus: 2, iterations: 2 };
    class Wrong extends Error { constructor(message) { super(message); this.name = 'Wrong'; this.message += '!'; } }
    exports.default = async () => {
      const refused = [];
      for (const attack of [() => { Array.prototype.x = 1; }, () => { Object.prototype.x = 1; }, () => { JSON.parse = null; }, () => { Promise.prototype.then = null; }, () => { Error.prototype.name = 'x'; }]) {
        try { attack(); refused.push(false); } catch (error) { refused.push(error instanceof TypeError || error.name === 'TypeError'); }
      }
      const error = new Error('a'); error.name = 'Mine';
      const counts = {}; counts.toString = () => 'own'; counts.constructor = 1; counts.valueOf = 2;
      globalThis.seen = (globalThis.seen ?? 0) + 1; __ENV.MARK = (__ENV.MARK ?? '') + __VU;
      Math.extra = 1;
      await null;
      console.log(refused.every(Boolean), String(error), String(counts), String(new Wrong('w')), globalThis.seen, __ENV.MARK.length, Math.max(1, 2));
    };
  `);
  expect(result.said).toEqual(['true Mine: a own Wrong: w! 1 1 2', 'true Mine: a own Wrong: w! 1 1 2']);
});

test('a SharedArray is made once, and each access is a fresh frozen copy', async () => {
  const result = await runScript(`
    const { SharedArray } = require('k6/data');
    const users = new SharedArray('users', () => { console.log('made'); return [{ n: 1, deep: { x: [1] } }, { n: 2 }]; });
    exports.options = { vus: 2, iterations: 2 };
    exports.default = () => {
      const refused = [() => { users[0].n = 9; }, () => { users[0].deep.x.push(2); }, () => { users[0] = 1; }, () => { users.push(1); }].map((f) => { try { f(); return false; } catch (e) { return e instanceof TypeError; } });
      const list = []; for (const user of users) list.push(user.n);
      console.log(refused, users.length, list, users.map((u) => u.n), users[0] === users[0], users[7], JSON.stringify(users), Array.isArray(users[0].deep.x));
    };
    exports.teardown = () => { try { new SharedArray('late', () => []); } catch (error) { console.log(error.message); } };
  `);
  const line = '[true,true,true,true] 2 [1,2] [1,2] false undefined [{"n":1,"deep":{"x":[1]}},{"n":2}] true';
  expect(result.said).toEqual(['made', line, line, 'new SharedArray must be called in the init context']);
});

test('k6/crypto and k6/encoding give what Node gives', async () => {
  const result = await runScript(`
    const crypto = require('k6/crypto'); const encoding = require('k6/encoding').default;
    exports.default = () => {
      const hasher = crypto.createHash('sha256'); hasher.update('a'); hasher.update(new Uint8Array([98]).buffer);
      const hmac = crypto.createHMAC('sha1', 'key'); hmac.update('a'); hmac.update('b');
      console.log(crypto.md5('ab', 'hex'), hasher.digest('base64'), hasher.digest('base64rawurl'), hmac.digest('hex'), crypto.hmac('sha512', 'key', 'ab', 'base64url'));
      console.log(crypto.sha1('ab', 'binary') instanceof ArrayBuffer, crypto.randomBytes(5).byteLength);
      console.log(encoding.b64encode('\\u00fc?>', 'url'), encoding.b64encode('a', 'rawstd'), encoding.b64decode('YQ==', 'std', 's'), new Uint8Array(encoding.b64decode('_w', 'rawurl'))[0]);
      for (const f of [() => crypto.sha256('x', 'hexx'), () => crypto.hmac('sha3', 'k', 'x', 'hex'), () => encoding.b64decode('*')]) try { f(); } catch (error) { console.log(error instanceof Error); }
    };
  `);
  const sha256 = createHash('sha256').update('ab').digest();
  expect(result.said).toEqual([
    [
      createHash('md5').update('ab').digest('hex'),
      sha256.toString('base64'),
      sha256.toString('base64url'),
      createHmac('sha1', 'key').update('ab').digest('hex'),
      `${createHmac('sha512', 'key').update('ab').digest('base64url')}==`,
    ].join(' '),
    'true 5',
    'w7w_Pg== YQ a 255',
    'true',
    'true',
    'true',
  ]);
});

test('randomSeed makes Math.random repeatable for its VU alone', async () => {
  const result = await runScript(`
    const { randomSeed } = require('k6');
    exports.options = { iterations: 2 };
    exports.default = () => { randomSeed(7); console.log(Math.random(), Math.random()); };
  `);
  expect(result.said[0]).toBe(result.said[1]);
  expect(result.said[0]!.split(' ')[0]).not.toBe(result.said[0]!.split(' ')[1]);
});

test('a script may declare names of globals again', async () => {
  const result = await runScript(
    `const crypto = require('k6/crypto'); const console2 = console; let open = 1; exports.default = () => console2.log(typeof crypto.md5, open);`,
  );
  expect(result.said).toEqual(['function 1']);
});

test('k6/timers are the globals; a cleared interval ends the iteration', async () => {
  const result = await runScript(`
    const timers = require('k6/timers');
    exports.default = () => { let n = 0; const id = timers.setInterval((step) => { n += step; if (n === 6) { clearInterval(id); console.log(typeof id, n); } }, 5, 2); const gone = setTimeout(() => console.log('never'), 5); timers.clearTimeout(gone); };
  `);
  expect(result.said).toEqual(['number 6']);
});

test('a rejection that nobody handles does not end the process, and the process ends by itself', () => {
  const script = writeScript(
    `exports.options = { iterations: 2 }; exports.default = () => { void Promise.reject(new Error('lost')); setTimeout(() => {}, 20); };`,
  );
  const engine = new URL('../../build/engine/run.js', import.meta.url).href;
  const code = `import(${JSON.stringify(engine)}).then(({ run }) => run({ bundlePath: ${JSON.stringify(script)}, env: {}, onWarning: (line) => console.log(line) })).then((r) => console.log('exit', r.exitCode, r.iterations.completed));`;
  const { stdout, status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n')).toEqual([
    expect.stringContaining('Uncaught (in promise) lost'),
    expect.stringContaining('Uncaught (in promise) lost'),
    'exit 0 2',
  ]);
  expect(status).toBe(0);
});
