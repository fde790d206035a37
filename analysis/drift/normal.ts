import { criticalT, twoSidedP } from '../comparison/student-t.ts';

/** Degrees of freedom at which Student's t equals the normal distribution to five digits. */
const MANY = 1e5;

/** Two-sided p-value of a standard normal z. */
export const normalP = (z: number): number => twoSidedP(z, MANY);

const quantiles = new Map<number, number>();

/** The z that a standard normal exceeds with probability `tail`, 0 < tail ≤ 0.5: 1.96 for 0.025. */
export function criticalZ(tail: number): number {
  const known = quantiles.get(tail);
  if (known !== undefined) return known;
  const z = criticalT(2 * tail, MANY);
  quantiles.set(tail, z);
  return z;
}
