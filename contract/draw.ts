/**
 * Draws by hash: the same key gives the same number on every host and machine, in any order. Used by VUs, inventory and
 * simulator where a seeded choice must not depend on previous draws.
 */

/**
 * 32-bit hash of a seed and the parts of a key: FNV-1a over the parts, then the fmix32 finalizer of MurmurHash3 (public
 * domain), so that similar keys give unrelated numbers.
 */
export function hash32(seed: number, ...key: readonly (string | number)[]): number {
  let h = 0x811c9dc5 ^ (seed >>> 0);
  for (const part of key) {
    const text = String(part);
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    h = Math.imul(h ^ 0xff, 0x01000193);
  }
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h >>> 0;
}

/** Uniform number in [0, 1) for a seed and a key. */
export function draw(seed: number, ...key: readonly (string | number)[]): number {
  return hash32(seed, ...key) / 0x1_0000_0000;
}

/** How long a flow waits before its first request, in milliseconds of real time: its part of a cell of drawn starts (poisson-arrivals.ts). */
export function spreadMs(seed: number, iteration: number, cellMs: number): number {
  return cellMs * draw(seed, 'spread', iteration);
}

/**
 * Uniform numbers in [0, 1), reproducible by seed: mulberry32 (Tommy Ettinger, public domain). Fast enough for a
 * million draws of a bootstrap, unlike `draw`, which hashes a key for each number.
 */
export function uniformNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
