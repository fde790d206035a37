/** A value of a table; null: an empty cell. */
export type Cell = string | number | null;

/** Columns in order: the name, and how a row's cell comes about. */
export type Columns<Row> = readonly (readonly [name: string, cell: (row: Row) => Cell])[];

/**
 * Rows as CSV (RFC 4180) below a line of names. Text that a spreadsheet would take for a formula is prefixed with an
 * apostrophe (OWASP, "CSV injection").
 */
export function csvText<Row>(columns: Columns<Row>, rows: readonly Row[]): string {
  const lines = rows.map((row) => columns.map(([, cell]) => cellText(cell(row))));
  return [columns.map(([name]) => name), ...lines].map((cells) => `${cells.join(',')}\r\n`).join('');
}

function cellText(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
