import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lineChunks } from '../import/line-chunks.ts';
import type { KeptFailures } from '../record/kept-failures.ts';
import type { Part } from './parts.ts';

/** Takes the failed flows that the parts kept, and counts those that they did not. */
export async function takeFailures(parts: readonly Part[], failures: KeptFailures): Promise<void> {
  for (const { folder, run } of parts) {
    const file = join(folder, 'failures.jsonl');
    let read = 0;
    if (existsSync(file)) {
      for await (const { lines, open } of lineChunks(file)) {
        for (const line of lines) {
          // The last line of a part that was killed may be cut off.
          if (line.trim() === '' || (open && run.end === null)) continue;
          failures.take(line);
          read++;
        }
      }
    }
    failures.missed(Math.max(0, (run.end?.failures.seen ?? 0) - read));
  }
}
