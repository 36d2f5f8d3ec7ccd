import type { Actor } from '../../domain/incident.ts';
import { parse, type Parsed, z } from '../../domain/schema.ts';
import { parseJson } from '../json.ts';
import { ACKNOWLEDGE_PREFIX } from './message.ts';

/** What Discord sends to `/discord/interactions`. */
export type DiscordInteraction =
  /** To be answered with {@link pong}. */
  | { readonly kind: 'ping' }
  | {
      readonly kind: 'acknowledge';
      readonly correlationId: string;
      readonly by: Actor;
      /** Ids of the roles the person has in the server; none in a direct message. */
      readonly roles: readonly string[];
    }
  | { readonly kind: 'other' };

const Interaction = z.object({ type: z.int() });
const User = z.object({
  id: z.string().check(z.minLength(1)),
  username: z.string(),
  global_name: z.optional(z.nullable(z.string())),
});
const Component = z.object({
  data: z.object({ custom_id: z.string() }),
  member: z.optional(
    z.object({ user: User, nick: z.optional(z.nullable(z.string())), roles: z.array(z.string()) }),
  ),
  user: z.optional(User),
});

const PING = 1;
const MESSAGE_COMPONENT = 3;

/**
 * Reads the JSON body of an interaction.
 *
 * @param body the decoded body; check its signature first
 */
export function parseDiscordInteraction(body: string): Parsed<DiscordInteraction> {
  const json = parseJson(body);
  const head = parse(Interaction, json);
  if (!head.ok) return head;
  if (head.value.type === PING) return { ok: true, value: { kind: 'ping' } };
  if (head.value.type !== MESSAGE_COMPONENT) return other;
  const read = parse(Component, json);
  if (!read.ok) return read;
  const { data, member } = read.value;
  if (!data.custom_id.startsWith(ACKNOWLEDGE_PREFIX)) return other;
  const correlationId = parse(z.uuid(), data.custom_id.slice(ACKNOWLEDGE_PREFIX.length));
  const user = member?.user ?? read.value.user;
  if (!correlationId.ok || user === undefined) {
    const wrong = user === undefined ? 'member' : 'data.custom_id';
    return { ok: false, errors: [{ field: wrong, message: 'Not one of our buttons' }] };
  }
  const name = member?.nick ?? user.global_name ?? user.username;
  return {
    ok: true,
    value: {
      kind: 'acknowledge',
      correlationId: correlationId.value,
      by: { provider: 'discord', id: user.id, name: name === '' ? user.id : name },
      roles: member?.roles ?? [],
    },
  };
}

const other: Parsed<DiscordInteraction> = { ok: true, value: { kind: 'other' } };

/** Whether one of the person's roles is allowed to acknowledge; none listed means everyone. */
export const mayAcknowledgeInDiscord = (allowed: readonly string[], roles: readonly string[]): boolean =>
  allowed.length === 0 || roles.some((role) => allowed.includes(role));
