import { getHeapStatistics } from 'node:v8';
import { resourceLimits } from 'node:worker_threads';

/** How often the heap is checked, in milliseconds. */
const LOOK_EVERY_MS = 100;
/**
 * Share of the limit that triggers the warning. V8 lets the heap grow at most halfway from what survived the last
 * collection to the limit, so at this share at least 70 % is live.
 */
const NEAR = 0.85;
const MIB = 2 ** 20;
/** V8's own limits of the young generation, in MiB, by its major version: the main thread is not told its own. */
const DEFAULTS: Readonly<Record<string, number>> = { 11: 48, 12: 48, 13: 192 };
/** The limit of this version of V8; 96 since V8 14. */
export const DEFAULT_YOUNG_MIB = DEFAULTS[process.versions.v8.split('.')[0]!] ?? 96;
/** V8's limit of the heap is `--max-old-space-size` plus that of the young generation: three semi-spaces. */
const YOUNG_MIB = resourceLimits.maxYoungGenerationSizeMb ?? DEFAULT_YOUNG_MIB;
const SEMI_SPACE = (YOUNG_MIB / 3) * MIB;

/** Remedy for a heap that is too small. */
export const MORE_HEAP = 'raise it with NODE_OPTIONS=--max-old-space-size=MIB, or use fewer VUs';

/**
 * Warns once when this thread's heap nears V8's limit, since at the limit no message is possible: V8 aborts the process
 * (exit code 134) or terminates the worker. Returns a function that stops watching.
 */
export function watchHeap(who: string, warn: (line: string) => void): () => void {
  const looking = setInterval(() => {
    const { used_heap_size: used, heap_size_limit: most } = getHeapStatistics();
    const limit = most - 3 * SEMI_SPACE;
    // V8 gives up when the old space cannot take another semi-space, which for a small heap is a good part of it.
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
