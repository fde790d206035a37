import type { AddedInterval, SeriesName } from '../../contract/series-counts.ts';

/** CPU of the target during a level: cores in use, the sum of its nodes. */
export interface TargetCpu {
  readonly cores: number;
  readonly nodes: number;
}

/** Part of the window that the looks of each node have to cover. */
const COVERED = 0.5;
const METRIC = 'target_cpu_cores';

/** Collects what `--target-metrics` recorded of the target's CPU. Each look tells the mean since the look before. */
export class TargetCpuCollector {
  /** By node: second of each look, and the cores that it tells of. */
  readonly #looks = new Map<string, { readonly at: number; readonly cores: number }[]>();

  add(index: AddedInterval['index'], { metric, tags }: SeriesName, cores: number): void {
    if (metric !== METRIC) return;
    const node = tags['target'] ?? '';
    const looks = this.#looks.get(node);
    if (looks === undefined) this.#looks.set(node, [{ at: index, cores }]);
    else looks.push({ at: index, cores });
  }

  /**
   * Mean of the looks whose time lies wholly in the seconds from `from` to before `to`; null: CPU was recorded, but of a
   * node too little; undefined: nothing was recorded.
   */
  mean(from: number, to: number): TargetCpu | null | undefined {
    if (this.#looks.size === 0) return undefined;
    let cores = 0;
    for (const looks of this.#looks.values()) {
      looks.sort((a, b) => a.at - b.at);
      let [seconds, used] = [0, 0];
      for (const [nth, { at, cores: mean }] of looks.entries()) {
        const since = looks[nth - 1]?.at ?? -Infinity;
        if (since < from || at > to) continue;
        seconds += at - since;
        used += mean * (at - since);
      }
      if (seconds < COVERED * (to - from)) return null;
      cores += used / seconds;
    }
    return { cores, nodes: this.#looks.size };
  }
}
