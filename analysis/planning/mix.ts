import { ConfigurationError } from '../../contract/configuration-error.ts';
import { percentWords as percent } from './units.ts';

/** An answer's users: the share of its sign-ins that pair a device, of so many flows. */
export interface MeasuredMix {
  readonly pairingShare: number;
  readonly flows: number;
}

/** A part of a mix: one that was measured, and its share of the sign-ins. */
export interface MixPart<Mix> {
  readonly mix: Mix;
  readonly share: number;
}

/** Shares as near as this are the same, however many flows say so; beyond the wider one they differ, however few. */
const SAME_SHARE = 0.02;
const OTHER_SHARE = 0.05;
const STANDARD_ERRORS = 3;

const variance = ({ pairingShare, flows }: MeasuredMix): number =>
  (pairingShare * (1 - pairingShare)) / Math.max(1, flows);

/** Whether two shares may be of the same users: within three standard errors, two points at least and five at most. */
export function isSameMix(a: MeasuredMix, b: MeasuredMix): boolean {
  const error = STANDARD_ERRORS * Math.sqrt(variance(a) + variance(b));
  return Math.abs(a.pairingShare - b.pairingShare) <= Math.min(OTHER_SHARE, Math.max(SAME_SHARE, error));
}

/**
 * The measured mixes that a mix is made of: itself, or the nearest on both sides. Throws a ConfigurationError that says
 * what to run if the answers do not cover it.
 */
export function partsOf<Mix extends MeasuredMix>(mixes: readonly Mix[], pairingShare: number): readonly MixPart<Mix>[] {
  const distance = (mix: Mix): number => Math.abs(mix.pairingShare - pairingShare);
  const nearest = mixes.reduce((best, mix) => (distance(mix) < distance(best) ? mix : best));
  if (isSameMix(nearest, { pairingShare, flows: Infinity })) return [{ mix: nearest, share: 1 }];
  const below = mixes.filter((mix) => mix.pairingShare < pairingShare);
  const above = mixes.filter((mix) => mix.pairingShare > pairingShare);
  if (below.length === 0 || above.length === 0) {
    const measured = mixes.map((mix) => percent(mix.pairingShare)).join(', ');
    throw new ConfigurationError(
      `--pairings ${percent(pairingShare)}: the answers are of sign-ins of which ${measured} pair a device; measure that mix, or one with ` +
        `${below.length === 0 ? 'fewer' : 'more'} pairings: pairstorm capacity -e INVENTORY=… of a population with it (docs/planning.md), and add its folder`,
    );
  }
  const low = below.reduce((best, mix) => (mix.pairingShare > best.pairingShare ? mix : best));
  const high = above.reduce((best, mix) => (mix.pairingShare < best.pairingShare ? mix : best));
  const share = (pairingShare - low.pairingShare) / (high.pairingShare - low.pairingShare);
  return [
    { mix: low, share: 1 - share },
    { mix: high, share },
  ];
}

/**
 * A rate that a mix of kinds of flows takes at least, from what each kind takes alone: 1/Σ s_j/λ_j. With y_j = λ·s_j/λ_j,
 * Σ y_j = 1, the utilisation of each resource is that mean of its utilisations at the pure limits: Σ_j s_j·max_r d_jr/C_r ≥
 * max_r Σ_j s_j·d_jr/C_r. So the bound is exact where one resource limits all kinds, and safe where several do; a mean
 * latency, or a share of slow requests, that is convex in the utilisations is no worse either.
 */
export function mixBound(parts: readonly { readonly share: number; readonly rate: number }[]): number {
  return 1 / parts.reduce((sum, { share, rate }) => sum + share / rate, 0);
}
