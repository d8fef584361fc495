/** Formats rows as a table for a terminal: columns as wide as their widest cell, a rule below the heads. */
export function formatTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const toLine = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [toLine(heads), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(toLine)].join('\n');
}

/** One cell: texts as they are, everything else as JSON. Control characters of topics must not reach the terminal. */
export function formatCell(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.replace(/\p{C}/gu, ' ');
}

/** One line a field, for a single object. */
export const formatFields = (fields: Record<string, unknown>): string => {
  const width = Math.max(...Object.keys(fields).map((name) => name.length));
  return Object.entries(fields)
    .map(([name, value]) => `${name.padEnd(width)}  ${formatCell(value)}`)
    .join('\n');
};
