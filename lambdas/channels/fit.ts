import { truncate } from '../domain/text.ts';

/**
 * The longest beginning of `text` whose escaped form has at most `limit` UTF-16 units, escaped. Cutting first and
 * escaping after keeps entities and escapes whole.
 */
export function escapeWithin(text: string, limit: number, escape: (text: string) => string): string {
  const whole = escape(text);
  if (whole.length <= limit) return whole;
  let best = '';
  for (let low = 1, high = Math.min(text.length, limit); low <= high;) {
    const middle = (low + high) >> 1;
    const attempt = escape(truncate(text, middle));
    if (attempt.length <= limit) {
      best = attempt;
      low = middle + 1;
    } else high = middle - 1;
  }
  return best;
}

/** As many lines as fit into `limit` UTF-16 units, and how many were left out. */
export function linesWithin(lines: readonly string[], limit: number): string {
  const whole = lines.join('\n');
  if (whole.length <= limit) return whole;
  for (let kept = lines.length - 1; kept >= 0; kept -= 1) {
    const text = [...lines.slice(0, kept), `… and ${lines.length - kept} more`].join('\n');
    if (text.length <= limit) return text;
  }
  return '';
}
