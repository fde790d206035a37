import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The nearest folder above this file with a package.json. */
const PACKAGE_ROOT: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
})();

/** Folder of the built scenarios and the default inventory. */
export const DIST: string = join(PACKAGE_ROOT, 'dist');

/** Folder with what is deployed elsewhere: images, schemas of Kubernetes. */
export const DEPLOY: string = join(PACKAGE_ROOT, 'deploy');

export const VERSION: string = (() => {
  const value: unknown = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'));
  return String((value as { readonly version?: unknown }).version);
})();
