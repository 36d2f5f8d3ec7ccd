import { escapeWithin } from '../fit.ts';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Text as Slack's markup wants it: the three characters that start a link or a mention become entities, so
 * `<!channel>` and `<@U…>` are shown, not carried out. A code fence is broken up, for it would swallow what follows.
 *
 * @param limit UTF-16 units of the escaped text
 */
export function escapeText(text: string, limit: number): string {
  return escapeWithin(text, limit, (each) =>
    each.replace(/[&<>]/g, (character) => ENTITIES[character] ?? '').replaceAll('```', '`\u200b`\u200b`'),
  );
}

/** A link; `url` comes from `safeUrl`. */
export const link = (url: string, title: string): string =>
  `<${url.replaceAll('&', '&amp;')}|${escapeText(title, 150).replaceAll('|', '¦')}>`;

/**
 * Each line struck through: Slack's marks do not reach over a line's end, nor over a mark of their own. Left as it is
 * where the marks of many short lines would not fit.
 */
export function struck(escaped: string, limit: number): string {
  const text = escaped.replaceAll('~', '∼').replace(/\S(?:.*\S)?/g, '~$&~');
  return text.length <= limit ? text : escaped;
}
