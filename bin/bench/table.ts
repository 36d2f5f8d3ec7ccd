import { type Figure, passes } from './figure.ts';

export const COLUMNS = ['figure', 'ours', 'floor', 'ratio', 'middle half', 'target', ''] as const;

/** A figure as the cells of its row. */
export function row(figure: Figure): readonly string[] {
  const { name, ours, floor, value, spread, target } = figure;
  return [
    name,
    ours,
    floor,
    floor === '' ? '' : value.toFixed(2),
    spread === undefined ? '' : `${spread.low.toFixed(2)}–${spread.high.toFixed(2)}`,
    target === undefined ? '' : `≤ ${target}`,
    target === undefined ? '' : passes(figure) ? 'pass' : 'MISS',
  ];
}

/** The table for a terminal: one line a figure, one heading a group. */
export function textTable(figures: readonly Figure[]): string {
  const rows = [COLUMNS, ...figures.map(row)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const lines = [line(COLUMNS)];
  for (const [group, of] of Map.groupBy(figures, (figure) => figure.group)) {
    lines.push('', group, ...of.map((figure) => line(row(figure))));
  }
  return lines.join('\n');
}

/** The same, as Markdown. */
export function markdownTable(figures: readonly Figure[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(COLUMNS),
    line(COLUMNS.map((_, column) => (column === 0 ? '---' : '--:'))),
    ...figures.map((figure) => line(row(figure))),
  ].join('\n');
}
