import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';

/** A word as a POSIX shell reads it back. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * How to call this command again from the folder that it was called from: `pairstorm` may not be on the PATH. `entry`: the file
 * that Node was given, as it was given.
 */
export function asStarted(entry = process.argv[1] ?? '', folder = process.cwd()): string {
  const bin = dirname(resolve(entry));
  if (basename(entry).startsWith('pairstorm') && !entry.endsWith('.js')) {
    if (!bin.endsWith(join('node_modules', '.bin'))) return 'pairstorm';
    const project = dirname(dirname(bin));
    const isInside = folder === project || folder.startsWith(project + sep);
    // Without --no-install, npx would ask the registry for a package of that name where there is none.
    if (isInside) return 'npx --no-install pairstorm';
  }
  const path = resolve(entry);
  if (!existsSync(path)) return 'pairstorm';
  const near = relative(folder, path);
  return `node ${shellWord(near.startsWith('..') ? path : near)}`;
}
