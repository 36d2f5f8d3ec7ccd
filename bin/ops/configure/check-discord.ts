import type { HttpAnswer } from '../../../lambdas/channels/http.ts';
import { DiscordClient, type DiscordRequest } from '../../../lambdas/channels/discord/client.ts';
import { property } from '../../../lambdas/channels/json.ts';
import { messageOf } from '../cli/errors.ts';
import { bad, type Check, good } from './check.ts';

const REQUESTS = {
  me: { what: 'users/@me', method: 'GET', path: '/users/@me' },
  application: { what: 'applications/@me', method: 'GET', path: '/applications/@me' },
} as const satisfies Record<string, DiscordRequest>;

/** Whether Discord knows the bot, the application has this public key, and the bot sees the channel. */
export async function checkDiscord(
  { bot_token: botToken, public_key: key }: { bot_token: string; public_key: string },
  { baseUrl, channelId }: { readonly baseUrl: string; readonly channelId: string },
): Promise<Check[]> {
  const client = new DiscordClient({ botToken, baseUrl, timeoutMs: 8_000 });
  const look = async (request: DiscordRequest, read: (answer: HttpAnswer) => Check): Promise<Check> => {
    try {
      return read(await client.call(request));
    } catch (error) {
      return bad(messageOf(error));
    }
  };
  const me = await look(REQUESTS.me, ({ json }) =>
    good(`discord users/@me: bot ${String(property(json, 'username'))}`),
  );
  // An unknown token is refused everywhere; each refusal counts towards Discord's ban of the address.
  if (!me.ok) return [me];
  const channel = { what: 'get channel', method: 'GET', path: `/channels/${channelId}` } as const;
  return [
    me,
    await look(REQUESTS.application, ({ json }) => sameKey(property(json, 'verify_key'), key)),
    await look(channel, () => good(`the bot sees channel ${channelId}`)),
  ];
}

function sameKey(verifyKey: unknown, key: string): Check {
  if (typeof verifyKey !== 'string') return good('public_key has the shape of one');
  return verifyKey.toLowerCase() === key.toLowerCase()
    ? good("public_key is the application's")
    : bad("public_key is not that of the bot's application (General Information)");
}
