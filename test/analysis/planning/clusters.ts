import type { MeasuredAnswer } from '../../../analysis/planning/plan.ts';
import { uniformNumbers } from '../../../contract/draw.ts';

/** A cluster whose law is known. */
export interface Cluster {
  readonly perNode: number;
  readonly contention: number;
  readonly coherency: number;
}

/** Flow starts per second that so many nodes of it take. */
export const taken = ({ perNode, contention, coherency }: Cluster, nodes: number): number =>
  (perNode * nodes) / (1 + contention * (nodes - 1) + coherency * nodes * (nodes - 1));

/** Answers at some numbers of nodes, each off by as much as its interval says (95 %); `error`: half of that. */
export function measuredCluster(
  cluster: Cluster,
  nodes: readonly number[],
  { seed, error = 0.02, pairingShare = 0.3 }: { seed: number; error?: number; pairingShare?: number },
): MeasuredAnswer[] {
  const next = uniformNumbers(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(next() + 2 ** -33)) * Math.cos(2 * Math.PI * next());
  return nodes.map((n) => {
    const rate = taken(cluster, n) * Math.exp(error * normal());
    const [low, high] = [rate * Math.exp(-1.96 * error), rate * Math.exp(1.96 * error)];
    return { folder: `nodes-${n}`, nodes: n, rate, low, high, pairingShare, flows: 10_000, flowSeconds: 20 };
  });
}
