import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';

/** Quotes a word for a POSIX shell. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * The command line that starts this program again from the same folder; `pairstorm` may not be on the PATH. `entry` is
 * the script path that Node was given, unresolved.
 */
export function asStarted(entry = process.argv[1] ?? '', folder = process.cwd()): string {
  const bin = dirname(resolve(entry));
  if (basename(entry).startsWith('pairstorm') && !entry.endsWith('.js')) {
    if (!bin.endsWith(join('node_modules', '.bin'))) return 'pairstorm';
    const project = dirname(dirname(bin));
    const isInside = folder === project || folder.startsWith(project + sep);
    // Without --no-install, npx would ask the registry when the package is not installed.
    if (isInside) return 'npx --no-install pairstorm';
  }
  const path = resolve(entry);
  if (!existsSync(path)) return 'pairstorm';
  const near = relative(folder, path);
  return `node ${shellWord(near.startsWith('..') ? path : near)}`;
}
