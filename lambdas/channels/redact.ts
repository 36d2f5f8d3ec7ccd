import { inspect } from 'node:util';

/** Shorter than this is no credential, and replacing it would only make the message unreadable. */
const MIN_SECRET_CHARS = 6;

/** `text` without any of the secrets. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= MIN_SECRET_CHARS)
    .reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
}

/** `error` itself when nothing that a logger would print of it holds a secret, else what can be told of it. */
export function safeCause(error: unknown, secrets: readonly string[]): unknown {
  const printed = inspect(error, { depth: 6, showHidden: false });
  if (redact(printed, secrets) === printed) return error;
  return new Error(redact(error instanceof Error ? error.message : 'error of a kind not shown', secrets));
}

/** A credential that is a URL, in every form in which an error may name it. */
export function urlSecrets(url: string): string[] {
  if (!URL.canParse(url)) return [url];
  const { href, pathname, search } = new URL(url);
  return [url, href, `${pathname}${search}`, pathname];
}
