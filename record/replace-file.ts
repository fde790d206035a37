import { renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Writes a file in the place of one that may be there, and not through it: whoever reads it sees the old one or the new one, and a
 * link is replaced, not followed. Half a file is not left behind. Throws what the file system says.
 */
export function replaceFile(file: string, text: string): void {
  // Of this process alone: two commands may write the same file at once.
  const made = `${file}.${process.pid}.new`;
  try {
    rmSync(made, { force: true });
    writeFileSync(made, text, { flag: 'wx' });
    renameSync(made, file);
  } catch (error) {
    try {
      rmSync(made, { force: true });
    } catch {
      // What is said is why it could not be written.
    }
    throw error;
  }
}
