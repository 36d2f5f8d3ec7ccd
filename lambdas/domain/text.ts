/**
 * Text from an event made safe to show: well-formed, no control or bidirectional-override characters (they break
 * layouts and can disguise words), runs of blank lines folded.
 */
export function displayText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** `text` on one line. */
export const oneLine = (text: string): string => displayText(text).replace(/\s+/g, ' ');

/**
 * Cuts to at most `limit` UTF-16 units, never inside a surrogate pair, with an ellipsis where something was cut.
 */
export function truncate(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, Math.max(0, limit - 1));
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}

/** 42 s, 4 min 10 s, 1 h 5 min: how people say a duration. */
export function humanDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
