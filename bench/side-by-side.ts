/** Cost of a client in one round. */
interface Round {
  /** Seconds of CPU. */
  readonly cpuPerFlow: number;
  /** Bytes; null if unknown. */
  readonly peakRss: number | null;
}

/** A client and its rounds, in the same order for all clients. */
export interface ClientRow {
  readonly name: string;
  readonly rounds: Round[];
  /** Why there are no figures. */
  failed?: string;
}

/** The middle one; of an even number the upper of the two. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/**
 * The Markdown table: CPU time per 1,000 flows, the ratio to the first row (the floor), our engine (the second row)
 * relative to each, and memory. Ratios are within a round; medians over all rounds are shown.
 */
export function sideBySide(rows: readonly ClientRow[]): string {
  const ratio = (row: ClientRow, to: ClientRow): string => {
    if (row.failed !== undefined || to.failed !== undefined) return '';
    return median(row.rounds.map(({ cpuPerFlow }, round) => cpuPerFlow / to.rounds[round]!.cpuPerFlow)).toFixed(2);
  };
  const [floor, engine] = rows;
  const lines = rows.map((row) => {
    if (row.failed !== undefined) return `| ${row.name} | ${row.failed.split('\n', 1)[0]!.slice(0, 160)} | | | |`;
    const costs = row.rounds.map(({ cpuPerFlow }) => cpuPerFlow * 1_000);
    const [least, middle, most] = [Math.min(...costs), median(costs), Math.max(...costs)].map((cost) =>
      cost.toFixed(3),
    );
    const peaks = row.rounds.flatMap(({ peakRss }) => peakRss ?? []);
    const peak = peaks.length === 0 ? '' : (median(peaks) / 2 ** 20).toFixed(0);
    return `| ${row.name} | ${middle!} (${least!} to ${most!}) | ${ratio(row, floor!)} | ${ratio(engine!, row)} | ${peak} |`;
  });
  return [
    '| client | CPU seconds per 1,000 flows: median (min to max) | ratio to the floor | our engine against it | peak RSS, MiB |',
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}
