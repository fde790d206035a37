import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lineChunks } from '../../record/line-chunks.ts';
import type { KeptFailures } from '../../record/kept-failures.ts';
import type { Part } from './parts.ts';

/**
 * Collects the failed flows of all parts, round-robin, and counts those they dropped. Returns, per part, how many lines
 * are missing from its file.
 */
export async function takeFailures(parts: readonly Part[], failures: KeptFailures): Promise<ReadonlyMap<Part, number>> {
  const lacking = new Map<Part, number>();
  let reading = parts.map((part) => ({ part, lines: linesOf(part), read: 0 }));
  while (reading.length > 0) {
    const going: typeof reading = [];
    for (const one of reading) {
      const { value, done } = await one.lines.next();
      if (done === true) {
        const { seen, kept } = one.part.run.end?.failures ?? { seen: 0, kept: 0 };
        failures.missed(Math.max(0, seen - one.read));
        if (one.read < kept) lacking.set(one.part, kept - one.read);
        continue;
      }
      failures.take(value);
      one.read++;
      going.push(one);
    }
    reading = going;
  }
  return lacking;
}

async function* linesOf({ folder, run }: Part): AsyncGenerator<string, undefined> {
  const file = join(folder, 'failures.jsonl');
  if (!existsSync(file)) return;
  for await (const { lines, open } of lineChunks(file, 'cut')) {
    // A killed part may end in a truncated line.
    if (open && run.end === null) return;
    for (const line of lines) if (line.trim() !== '') yield line;
  }
}
