/**
 * Student's t distribution for any real degrees of freedom ≥ 1, by the incomplete beta function: P(|T| ≥ t) = I_x(ν/2,
 * 1/2) with x = ν/(ν + t²) (Abramowitz & Stegun 26.7.1 and 26.5.27). Why no library: bench/RESULTS.md.
 */

/** ln Γ(x) for x > 0: Lanczos, g = 7, nine terms (Godfrey's coefficients); relative error below 1e-13. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  const t = z + 7.5;
  const sum = LANCZOS.reduce((total, coefficient, i) => (i === 0 ? coefficient : total + coefficient / (z + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Regularized incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22) with Lentz's method. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast below this point; above it, use the other tail.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-14) break;
  }
  return front * fraction;
}

/** Two-sided p-value: the probability that |T| is at least |t|. */
export function twoSidedP(t: number, degrees: number): number {
  if (!Number.isFinite(t)) return 0;
  const square = t * t;
  // For small t use the other tail: 1 minus a tiny number would lose all digits.
  return square < degrees
    ? 1 - incompleteBeta(square / (degrees + square), 0.5, degrees / 2)
    : incompleteBeta(degrees / (degrees + square), degrees / 2, 0.5);
}

/** The t that |T| exceeds with probability `alpha`, 0 < alpha ≤ 1: 2.571 for 0.05 and 5 degrees. */
export function criticalT(alpha: number, degrees: number): number {
  let low = 0;
  let high = 1;
  while (twoSidedP(high, degrees) > alpha) {
    low = high;
    high *= 2;
  }
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (twoSidedP(middle, degrees) > alpha) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
