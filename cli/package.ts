import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the installed package: the nearest one above this file that holds a package.json. */
const PACKAGE_ROOT: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
})();

/** Where the built scenarios and the default inventory lie. */
export const DIST: string = join(PACKAGE_ROOT, 'dist');

/** Version of the package. */
export const VERSION: string = (() => {
  const value: unknown = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'));
  return String((value as { readonly version?: unknown }).version);
})();
