import { accessSync, constants, existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** Folder with the tools installed as in README.md; empty: only PATH is searched. */
export const TOOLS = process.env['BENCH_TOOLS'] ? resolve(process.env['BENCH_TOOLS']) : '';

/** PATH with BENCH_TOOLS first, because Artillery needs a newer Node than we do and finds it there. */
export const TOOLS_PATH = [
  ...(TOOLS === '' ? [] : [join(TOOLS, 'npm/node_modules/.bin'), join(TOOLS, 'locust/bin'), join(TOOLS, 'k9/bin')]),
  process.env['PATH'] ?? '',
].join(delimiter);

/** Path of a program, with links resolved; undefined if there is none. */
export function program(name: string): string | undefined {
  for (const folder of TOOLS_PATH.split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return realpathSync(path);
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** Class path of the jars in a folder of BENCH_TOOLS; undefined if there are none. */
export function jars(folder: string): string | undefined {
  const path = join(TOOLS, folder);
  if (TOOLS === '' || !existsSync(path)) return undefined;
  const names = readdirSync(path).filter((name) => name.endsWith('.jar'));
  return names.length === 0 ? undefined : names.map((name) => join(path, name)).join(delimiter);
}

/** Path of a file in bench/tools/ that is not TypeScript, hence not compiled. */
export const toolFile = (name: string): string => new URL(`../../../bench/tools/${name}`, import.meta.url).pathname;
