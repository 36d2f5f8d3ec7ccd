import { parse, type Parsed, z } from '../../domain/schema.ts';
import { parseJson } from '../json.ts';

/** What the Events API tells at `/slack/events`. */
export type SlackEvent =
  /** To be answered with the challenge, within 3 s. */
  | { readonly kind: 'url_verification'; readonly challenge: string }
  /** A check mark on a message: an acknowledgement, if the message is an incident's. */
  | {
      readonly kind: 'check_mark';
      readonly eventId: string;
      readonly userId: string;
      readonly channel: string;
      readonly ts: string;
    }
  /** Something else; to be answered 200, or Slack repeats it. */
  | { readonly kind: 'other' };

/** Reactions that say "I have it". */
const CHECK_MARKS = new Set(['white_check_mark', 'heavy_check_mark', 'ballot_box_with_check']);

const Body = z.object({ type: z.string() });
const UrlVerification = z.object({ challenge: z.string().check(z.minLength(1), z.maxLength(1_024)) });
const EventCallback = z.object({ event_id: z.string(), event: z.object({ type: z.string() }) });
const ReactionAdded = z.object({
  event: z.object({
    user: z.string().check(z.minLength(1)),
    reaction: z.string(),
    item: z.object({ type: z.string(), channel: z.optional(z.string()), ts: z.optional(z.string()) }),
  }),
});

/**
 * Reads the JSON body of a `/slack/events` request.
 *
 * @param body the decoded body; check its signature first
 */
export function parseSlackEvent(body: string): Parsed<SlackEvent> {
  const json = parseJson(body);
  const head = parse(Body, json);
  if (!head.ok) return head;
  if (head.value.type === 'url_verification') {
    const read = parse(UrlVerification, json);
    return read.ok
      ? { ok: true, value: { kind: 'url_verification', challenge: read.value.challenge } }
      : read;
  }
  if (head.value.type !== 'event_callback') return other;
  const callback = parse(EventCallback, json);
  if (!callback.ok) return callback;
  if (callback.value.event.type !== 'reaction_added') return other;
  const reaction = parse(ReactionAdded, json);
  if (!reaction.ok) return reaction;
  const { user, reaction: name, item } = reaction.value.event;
  if (!CHECK_MARKS.has(name) || item.type !== 'message') return other;
  if (item.channel === undefined || item.ts === undefined) return other;
  const eventId = callback.value.event_id;
  return {
    ok: true,
    value: { kind: 'check_mark', eventId, userId: user, channel: item.channel, ts: item.ts },
  };
}

const other: Parsed<SlackEvent> = { ok: true, value: { kind: 'other' } };
