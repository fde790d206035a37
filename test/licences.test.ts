import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { licenceAllowed } from './spdx.ts';

const root = new URL('../', import.meta.url);

/** Permissive licences, and MPL-2.0, whose copyleft ends at its own files. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MPL-2.0',
  'Python-2.0',
]);

/** CC-BY-4.0 is a licence for works, not for code: these packages hold data only. */
const DATA_PACKAGES = new Map([['node_modules/caniuse-lite', 'CC-BY-4.0']]);

/** Packages that run code of their own when they are installed, and why that is borne. */
const INSTALL_SCRIPTS = new Map([
  ['node_modules/esbuild', 'puts the binary of this platform in its place'],
  ['node_modules/unrs-resolver', 'development only (the linter): fetches its binary where the lock file lacks it'],
]);

interface LockedPackage {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly license?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
const packages = Object.entries(lock.packages);
const usable = (path: string, licence: unknown): boolean =>
  typeof licence === 'string' && (licence === DATA_PACKAGES.get(path) || licenceAllowed(licence, ALLOWED));

describe('every package that npm may install', () => {
  test('is under a licence that lets anyone use and ship it', () => {
    expect(packages.length).toBeGreaterThan(100);
    const others = packages.filter(([path, locked]) => !usable(path, locked.license));
    expect(others.map(([path, { license }]) => `${path}: ${license ?? 'no licence'}`)).toEqual([]);
  });

  test('says the same of itself where it is installed', () => {
    const others = packages.flatMap(([path]) => {
      const file = new URL(path === '' ? 'package.json' : `${path}/package.json`, root);
      // Packages for other platforms are locked but not installed.
      if (!existsSync(file)) return [];
      const { license } = JSON.parse(readFileSync(file, 'utf8')) as { license?: unknown };
      return usable(path, license) ? [] : [`${path}: ${JSON.stringify(license)}`];
    });
    expect(others).toEqual([]);
  });

  test('comes from the registry of whoever installs it: the lock file names no host', () => {
    const hosts = packages.filter(([, { resolved, link }]) => resolved !== undefined || link === true);
    expect(hosts.map(([path, { resolved }]) => `${path}: ${resolved ?? 'a link'}`)).toEqual([]);
  });
});

describe('what a user of the command installs', () => {
  const production = packages.filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional);

  test('runs one script at its installation, and no other package brings one', () => {
    const scripts = packages.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path);
    expect(scripts).toEqual([...INSTALL_SCRIPTS.keys()]);
    expect(production.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toHaveLength(1);
  });

  test('is as many packages as the record of measurements says', () => {
    const results = readFileSync(new URL('bench/RESULTS.md', root), 'utf8');
    const [, counted] = /^\| packages in production \| (\d+) /m.exec(results)!;
    // Binaries for other platforms are locked too, and one of them is installed.
    expect(production.filter(([, { optional }]) => !optional)).toHaveLength(Number(counted));
  });
});

describe('a licence expression', () => {
  test.each([
    ['MIT', true],
    ['(MIT)', true],
    ['MIT OR GPL-3.0-only', true],
    ['(GPL-2.0-or-later OR Apache-2.0)', true],
    ['Apache-2.0 WITH LLVM-exception', true],
    ['MIT AND (BSD-3-Clause OR AGPL-3.0-only)', true],
    ['AGPL-3.0-only', false],
    ['LGPL-3.0-or-later', false],
    ['GPL-2.0-only WITH Classpath-exception-2.0', false],
    ['SSPL-1.0', false],
    ['BUSL-1.1', false],
    ['MIT AND GPL-3.0-only', false],
    ['GPL-3.0-only OR AGPL-3.0-only AND MIT', false],
    ['CC-BY-4.0', false],
    ['UNLICENSED', false],
    ['SEE LICENSE IN LICENSE.md', false],
    ['(MIT', false],
    ['MIT GPL-3.0-only', false],
    ['', false],
  ])('%j: allowed is %s', (expression, allowed) => {
    expect(licenceAllowed(expression, ALLOWED)).toBe(allowed);
  });

  // A registry that lacks a platform's package leaves it out of the lock file without a word, and `npm ci` then refuses.
  test('is locked for every platform', () => {
    const missing = packages.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !packages.some(([other]) => other.endsWith(`node_modules/${name}`)))
        .map((name) => `${path} → ${name}`),
    );
    expect(missing).toEqual([]);
  });
});
