import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, describe, expect, test } from 'vitest';

const PROBES = 'conformance/probes';
const folder = mkdtempSync(join(tmpdir(), 'pairstorm-probes-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Listed {
  readonly file: string;
  readonly cases: readonly (string | { readonly name: string })[];
}
const listed = JSON.parse(readFileSync(`${PROBES}/probes.json`, 'utf8')) as Listed[];
const scripts = readdirSync(PROBES).filter((file) => /^\d\d.*\.js$/.test(file));

/** A program that takes k6's place: it says with what it was called, as k6 would print a script's line. */
const STAND_IN = `#!/usr/bin/env node
const args = process.argv.slice(2);
if (args[0] === 'version') console.log('k6 stand-in');
else {
  const at = args.indexOf('--out');
  if (at > 0) require('node:fs').writeFileSync(args[at + 1].split('=')[1],
    '{"type":"Metric","metric":"checks"}\\n{"type":"Point","metric":"checks","data":{"value":1}}\\n{"type":"Point","metric":"vus","data":{}}\\n');
  console.error('a warning from ' + process.cwd() + '/x.js');
  console.error(JSON.stringify({ probe: 9, args }));
  process.exit(99);
}
`;

describe('the probes', () => {
  test('ask every open question, each script is listed, each listed script is there', () => {
    expect(listed.map(({ file }) => file)).toEqual(scripts);
    const numbers = new Set(scripts.map((file) => Number(file.slice(0, 2))));
    expect([...numbers]).toEqual(Array.from({ length: 38 }, (_, at) => at + 1));
  });

  test.each(scripts)('%s is a script that names its question and imports only k6 and its neighbours', async (file) => {
    expect(readFileSync(join(PROBES, file), 'utf8')).toMatch(new RegExp(`^// UNKNOWN-${Number(file.slice(0, 2))}: `));
    const { errors, metafile } = await build({
      entryPoints: [join(PROBES, file)],
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      external: ['k6', 'k6/*'],
      logLevel: 'silent',
    });
    expect(errors).toEqual([]);
    for (const input of Object.keys(metafile.inputs)) expect(input.startsWith(`${PROBES}/`), input).toBe(true);
  });

  test('the collector keeps exit code, answers, samples and complaints, and no path of this machine', async () => {
    const k6 = join(folder, 'k6.cjs');
    writeFileSync(k6, STAND_IN);
    chmodSync(k6, 0o755);
    const out = join(folder, 'golden.json');
    await promisify(execFile)('node', [`${PROBES}/collect.mjs`, '--k6', k6, '--out', out, '--only', '09']);
    const golden = JSON.parse(readFileSync(out, 'utf8')) as { version: string; results: unknown[] };
    expect(golden.version).toBe('k6 stand-in');
    expect(golden.results).toEqual([
      {
        file: '09-check-exception.js',
        case: '',
        exit: 99,
        answers: [{ probe: 9, args: expect.arrayContaining(['run', 'CASE=', '09-check-exception.js']) as unknown }],
        stderr: ['a warning from x.js'],
        samples: [{ type: 'Point', metric: 'checks', data: { value: 1 } }],
      },
    ]);
  });

  test('the collector says how to name a k6 that it cannot find', async () => {
    const called = promisify(execFile)('node', [`${PROBES}/collect.mjs`, '--k6', join(folder, 'none'), '--out', 'x']);
    await expect(called).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/--k6\n$/) as unknown });
  });
});
