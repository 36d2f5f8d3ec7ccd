import { escapeWithin } from '../fit.ts';

/**
 * Text as Discord's markdown shows it unchanged. A backslash before punctuation is not shown; a link keeps its
 * characters, for a backslash would become part of it. `@everyone` and `@here` are parted by a zero-width space:
 * they need no markup to be a mention.
 *
 * @param limit UTF-16 units of the escaped text
 */
export function escapeText(text: string, limit: number): string {
  return escapeWithin(text, limit, (each) =>
    each
      .split(/(https?:\/\/[\w./?#&=%+:;,~-]+)/)
      .map((part, index) => (index % 2 === 1 ? part : part.replace(/[\\*_~`|<>#[\]()-]/g, '\\$&')))
      .join('')
      .replace(/@(?=everyone|here)/gi, '@\u200b'),
  );
}

/** A link; `url` comes from `safeUrl`. */
export const link = (url: string, title: string): string => `[${escapeText(title, 120)}](${url})`;
