import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

interface Packed {
  /** Bytes, as a tarball and unpacked. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

let packed: Packed;
let paths: readonly string[];
beforeAll(() => {
  const text = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 2 ** 26,
  });
  [packed] = JSON.parse(text) as [Packed];
  paths = packed.files.map(({ path }) => path);
});

describe('The npm package', () => {
  test('has the command, the scenarios and the licence', () => {
    const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { bin: { pairstorm: string } };
    for (const path of [bin.pairstorm, 'dist/smoke.js', 'dist/tools/doctor.js', 'dist/inventory.json', 'LICENSE'])
      expect(paths).toContain(path);
  });

  test('has no measurements, no tests, nothing of the build, and no secret place', () => {
    const strange = paths.filter(
      (path) =>
        /(^|\/)(bench|test|conformance|results|node_modules)\//.test(path) ||
        /\.test\.|\.tsbuildinfo$|(^|\/)\.(env|npmrc|git)/.test(path),
    );
    expect(strange).toEqual([]);
  });

  test('has no source map without its source', () => {
    const maps = paths.filter((path) => path.endsWith('.map'));
    const without = maps.filter((path) => {
      const map = JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as {
        readonly sources: readonly string[];
        readonly sourcesContent?: readonly (string | null)[];
      };
      return map.sources.some((_source, at) => typeof map.sourcesContent?.[at] !== 'string');
    });
    expect(without).toEqual([]);
    // The engine says by them where in lib/ a scenario threw.
    expect(maps).toContain('dist/smoke.js.map');
  });

  test('has each file that package.json names', () => {
    const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: readonly string[] };
    const named = files.filter((file) => !/[!*]/.test(file));
    expect(named.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    expect(named.filter((file) => !paths.some((path) => path === file || path.startsWith(`${file}/`)))).toEqual([]);
  });

  test('is not a larger than it was: 3.5 MB to fetch, 14 MB on the disk', () => {
    expect(packed.size).toBeLessThan(3.5e6);
    expect(packed.unpackedSize).toBeLessThan(14e6);
  });
});
