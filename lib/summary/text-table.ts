/** Lines of a table: first column left-aligned, others right-aligned, two spaces between, indented by four. */
export function textTable(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  return rows.map((row) => {
    const cells = row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)));
    return `    ${cells.join('  ')}`.trimEnd();
  });
}

/** Shown instead of a value that was not measured. */
export const NO_FIGURE = '–';

/** Milliseconds with three digits: `0.42 ms`, `12.3 ms`, `124 ms`, `1.24 s`. */
export function milliseconds(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${ms.toFixed(ms < 10 ? 2 : ms < 99.95 ? 1 : 0)} ms`;
}

/** A share as a percentage. */
export function percentage(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.001 ? 3 : 1)} %`;
}
