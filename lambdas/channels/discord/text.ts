import { escapeWithin } from '../fit.ts';

/**
 * What Discord would read as markup, and nothing else, so that names, numbers and paths stay as they were written in
 * what a search or a log finds. In order: mentions, emoji and time stamps; emphasis and code; the underscore but
 * within a word; doubled marks; the middle of a masked link; a backslash that would escape what follows; heading,
 * list and quote at a line's start.
 */
const MARKUP = [
  /<(?=[@#:/!a-z])/gi,
  /[*`]/g,
  /(?<![a-z0-9])_|_(?![a-z0-9])/gi,
  /~(?=~)|(?<=~)~|\|(?=\|)|(?<=\|)\|/g,
  /(?<=\])\(/g,
  /\\(?![a-z0-9\s])/gi,
  /(?:#(?=[# ])|-(?=[# ])|>)(?<=^[ \t]*.)/gm,
].map(({ source }) => source);
const ADDRESS_OR_MARKUP = new RegExp(
  `(${/https?:\/\/[\w./?#&=%+:;,~-]+/.source})|${MARKUP.join('|')}`,
  'gim',
);

/**
 * Text as Discord shows it unchanged. A backslash before punctuation is not shown; an address keeps its characters,
 * for a backslash would become part of it. `@everyone` and `@here` are parted by a zero-width space: they need no
 * markup to be a mention.
 *
 * @param limit UTF-16 units of the escaped text
 */
export function escapeText(text: string, limit: number): string {
  return escapeWithin(text, limit, (each) =>
    each
      .replace(ADDRESS_OR_MARKUP, (match, address: string | undefined) => address ?? `\\${match}`)
      .replace(/@(?=everyone|here)/gi, '@\u200b'),
  );
}

/** A link; `url` comes from `safeUrl`. A bracket in its title would end the title. */
export const link = (url: string, title: string): string =>
  `[${escapeText(title.replaceAll('[', '⁅').replaceAll(']', '⁆'), 120)}](${url})`;
