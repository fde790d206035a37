import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import MarkdownIt from 'markdown-it';
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
        // Pages may come: others lead to them.
        /(^|\/)(bench|test|conformance|results|node_modules)\/(?!.*\.md$)/.test(path) ||
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

  test('has each file that its exports and its command name', () => {
    const { bin, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly bin: Readonly<Record<string, string>>;
      readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
    };
    const targets = [
      ...Object.values(bin),
      ...Object.values(exports).flatMap((to) => (typeof to === 'string' ? to : Object.values(to))),
    ];
    for (const target of targets) {
      const [head, tail = ''] = target.replace(/^\.\//, '').split('*') as [string, string?];
      const found = target.includes('*')
        ? paths.some((path) => path.startsWith(head) && path.endsWith(tail))
        : paths.includes(head);
      expect(found, target).toBe(true);
    }
  });

  test('has each file that its code, its declarations and its maps name', () => {
    const named =
      /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*['"](\.{1,2}\/[^'"]+)['"]|^\/\/# sourceMappingURL=(\S+)$/gm;
    const missing = paths
      .filter((path) => path.startsWith('build/'))
      .flatMap((path) => {
        const text = readFileSync(join(ROOT, path), 'utf8');
        const links = [...text.matchAll(named)].map(([, code, map]) => normalize(join(dirname(path), (code ?? map)!)));
        const there = (link: string): boolean =>
          paths.includes(path.endsWith('.d.ts') ? link.replace(/\.js$/, '.d.ts') : link);
        return links.filter((link) => !there(link)).map((link) => `${path}: ${link}`);
      });
    expect(missing).toEqual([]);
  });

  test('has each file that its pages link to', () => {
    const folders = new Set(
      paths.flatMap((path) => path.split('/').map((_part, at, all) => all.slice(0, at).join('/'))),
    );
    const missing = paths
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) =>
        new MarkdownIt()
          .parse(readFileSync(join(ROOT, path), 'utf8'), {})
          .flatMap(({ children }) => children ?? [])
          .flatMap((token) => token.attrGet('href') ?? token.attrGet('src') ?? [])
          .filter((link) => !/^(?:[a-z]+:|#)/i.test(link))
          .map((link) => normalize(join(dirname(path), decodeURI(link).split('#')[0]!)).replace(/\/$/, ''))
          .filter((link) => !paths.includes(link) && !folders.has(link))
          .map((link) => `${path}: ${link}`),
      );
    expect(missing).toEqual([]);
  });

  test('is not a larger than it was: 3.5 MB to fetch, 14.5 MB on the disk', () => {
    expect(packed.size).toBeLessThan(3.5e6);
    expect(packed.unpackedSize).toBeLessThan(14.5e6);
  });

  test('depends on nothing that needs more than Node 20, also where no override of ours reaches', () => {
    interface Locked {
      readonly dev?: boolean;
      readonly optional?: boolean;
      readonly engines?: { readonly node?: string };
    }
    const { overrides } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { overrides?: unknown };
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      readonly packages: Readonly<Record<string, Locked>>;
    };
    const newer = Object.entries(lock.packages).filter(([, { dev, optional, engines }]) => {
      const ranges = engines?.node?.split('||') ?? [];
      const lowest = ranges.map((range) => Number(/\d+/.exec(range)?.[0] ?? 0));
      return dev !== true && optional !== true && lowest.length > 0 && Math.min(...lowest) > 20;
    });
    expect([newer, overrides]).toEqual([[], undefined]);
  });
});
