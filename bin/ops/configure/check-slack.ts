import { property } from '../../../lambdas/channels/json.ts';
import { ask, bad, type Check, good, shape } from './check.ts';

/** What the worker does with the token: writes, and looks for its own messages in public or private channels. */
const SCOPES: readonly (readonly string[])[] = [['chat:write'], ['channels:history', 'groups:history']];

/** Whether Slack knows the bot token (auth.test), and lets it do what the worker does. */
export async function checkSlack(
  { bot_token: token, signing_secret: secret }: { bot_token: string; signing_secret: string },
  baseUrl: string,
): Promise<Check[]> {
  const known = await ask(
    {
      what: 'slack auth.test',
      method: 'POST',
      url: `${baseUrl}auth.test`,
      headers: { authorization: `Bearer ${token}` },
      form: {},
      secrets: [token],
    },
    ({ status, headers, json }) => {
      if (property(json, 'ok') !== true) {
        const error = property(json, 'error');
        return bad(`slack auth.test: ${typeof error === 'string' ? error : `HTTP ${status}`}`);
      }
      const missing = missingScopes(headers.get('x-oauth-scopes'));
      const who = `bot ${String(property(json, 'user'))} of workspace ${String(property(json, 'team'))}`;
      return missing.length === 0
        ? good(`slack auth.test: ${who}`)
        : bad(`slack: ${who} lacks ${missing.join(', ')}`);
    },
  );
  return [
    known,
    shape(secret, /^[0-9a-f]{32}$/i, 'signing_secret', 'a Slack signing secret (32 hexadecimal digits)'),
  ];
}

/** The scopes that the token has, as Slack tells with each answer; no header, no finding. */
function missingScopes(header: string | null): string[] {
  if (header === null) return [];
  const has = header.split(/, */);
  return SCOPES.filter((anyOf) => !anyOf.some((scope) => has.includes(scope))).map((anyOf) =>
    anyOf.join(' or '),
  );
}
