/**
 * Uniform numbers in [0, 1), reproducible by seed: mulberry32 (Tommy Ettinger, public domain). Fast enough for a
 * million draws of a bootstrap, unlike contract/draw.ts, which hashes a key for each number.
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
