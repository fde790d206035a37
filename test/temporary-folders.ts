import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One place for the temporary folders of all tests and of what they start, removed at the end: a run leaves some 300 MB there. */
export default function temporaryFolders(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'pairstorm-tests-'));
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
