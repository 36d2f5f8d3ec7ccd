import type { Actor } from '../../domain/incident.ts';
import { parse, type Parsed, z } from '../../domain/schema.ts';
import { parseJson } from '../json.ts';
import { ACKNOWLEDGE_ACTION } from './message.ts';

/** What a person did with one of our messages. */
export type SlackInteraction =
  | {
      readonly kind: 'acknowledge';
      readonly correlationId: string;
      readonly by: Actor;
      /** Where to answer the person, for 30 minutes and 5 answers; a credential. */
      readonly responseUrl: string | undefined;
    }
  /** Something else; to be answered 200 and left alone. */
  | { readonly kind: 'other' };

const Payload = z.object({ type: z.string() });
const BlockActions = z.object({
  user: z.object({
    id: z.string().check(z.minLength(1)),
    name: z.optional(z.string()),
    username: z.optional(z.string()),
  }),
  actions: z.array(z.object({ action_id: z.optional(z.string()), value: z.optional(z.string()) })),
  response_url: z.optional(z.url()),
});

/**
 * Reads the body of a `/slack/interactions` request: a form whose `payload` field is JSON.
 *
 * @param body the decoded body; check its signature first
 */
export function parseSlackInteraction(body: string): Parsed<SlackInteraction> {
  const payload = parseJson(new URLSearchParams(body).get('payload') ?? '');
  const head = parse(Payload, payload);
  if (!head.ok) return head;
  if (head.value.type !== 'block_actions') return other;
  const read = parse(BlockActions, payload);
  if (!read.ok) return read;
  const { user, actions, response_url: responseUrl } = read.value;
  const pressed = actions.find((action) => action.action_id === ACKNOWLEDGE_ACTION);
  if (pressed === undefined) return other;
  const correlationId = parse(z.uuid(), pressed.value);
  if (!correlationId.ok)
    return { ok: false, errors: [{ field: 'actions.value', message: 'Not a correlation id' }] };
  return {
    ok: true,
    value: {
      kind: 'acknowledge',
      correlationId: correlationId.value,
      by: { provider: 'slack', id: user.id, name: user.name ?? user.username ?? user.id },
      responseUrl,
    },
  };
}

const other: Parsed<SlackInteraction> = { ok: true, value: { kind: 'other' } };
