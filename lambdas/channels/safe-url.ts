/** Longer than this after encoding, a link is left out: it would crowd out what people must read. */
const MAX_CHARS = 2_000;

/**
 * A link fit to be shown: http(s), normalised (host in punycode, no user name before it), and with no character that
 * ends a link or makes a mention in any channel's markup. Undefined when it is none.
 */
export function safeUrl(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const { protocol, origin, pathname, search, hash } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  const url =
    origin +
    `${pathname}${search}${hash}`.replace(
      /[|<>()[\]`*_~\\'"@\s]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  return url.length <= MAX_CHARS ? url : undefined;
}
