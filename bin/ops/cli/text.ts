import { humanDuration } from '../../../lambdas/domain/text.ts';
import { UsageError } from './errors.ts';

/** Columns set flush left, two spaces apart; no trailing blanks. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Each line of `text` moved to the right. */
export const indent = (text: string, by = 2): string => text.replace(/^(?=.)/gm, ' '.repeat(by));

/** 2026-11-23 03:00:12Z */
export const instant = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)}Z`;

/** 350 ms, 4.2 s, 3 min 5 s. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : humanDuration(ms);
}

/** 1 incident, 2 incidents. */
export const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

export const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${Math.round((100 * part) / whole)} %`;

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Milliseconds of `90m`, `24h`, `7d`.
 *
 * @throws UsageError when it is no such
 */
export function parseDuration(option: string, text: string): number {
  const match = /^(\d{1,5})([smhd])$/.exec(text);
  const unit = UNIT_MS[match?.[2] ?? ''];
  if (match === null || unit === undefined || Number(match[1]) === 0) {
    throw new UsageError(`${option} takes a number and s, m, h or d, as in 24h; not "${text}"`);
  }
  return Number(match[1]) * unit;
}
