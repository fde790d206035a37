import { getHeapStatistics } from 'node:v8';

/** How often the heap is looked at, in milliseconds. */
const LOOK_EVERY_MS = 100;
/**
 * Share of what can be used from which on it is spoken of. V8 lets the heap grow at most half of the way from what survived the last
 * collection to the limit, so that at this share at least 70 % is in use and not garbage.
 */
const NEAR = 0.85;
const MIB = 2 ** 20;
/** V8's limit is `--max-old-space-size` and three semi-spaces of young objects, by default of this size each. */
const SEMI_SPACE = 16 * MIB;

/** What to do about a heap that is too small. */
export const MORE_HEAP = 'raise it with NODE_OPTIONS=--max-old-space-size=MIB, or use fewer VUs';

/**
 * Warns once when this thread's heap comes near V8's limit, because the end at the limit cannot be told: V8 aborts the process
 * (exit code 134), or ends the worker thread. Returns how to stop looking.
 */
export function watchHeap(who: string, warn: (line: string) => void): () => void {
  const looking = setInterval(() => {
    const { used_heap_size: used, heap_size_limit: most } = getHeapStatistics();
    const limit = most - 3 * SEMI_SPACE;
    // The end comes when a semi-space of young objects would find no room among the old: of a small heap that is a good part.
    if (used < NEAR * Math.max(limit - SEMI_SPACE, limit / 2)) return;
    clearInterval(looking);
    const [usedMiB, limitMiB] = [used, limit].map((bytes) => Math.round(bytes / MIB));
    warn(
      `the heap of ${who} uses ${usedMiB} of ${limitMiB} MiB; at the limit it crashes without a message ` +
        `(exit code 134, or a lost worker): ${MORE_HEAP}`,
    );
  }, LOOK_EVERY_MS);
  return () => clearInterval(looking);
}
