import type { Incident } from '../../domain/incident.ts';
import { type DiscordMessage, incidentMessage, NO_MENTIONS } from './message.ts';
import { escapeText } from './text.ts';

/** An interaction's answer, to be given within 3 s with status 200. */
export type DiscordResponse =
  | { readonly type: 1 | 6 }
  | { readonly type: 7; readonly data: DiscordMessage }
  | {
      readonly type: 4;
      readonly data: {
        readonly content: string;
        readonly flags: 64;
        readonly allowed_mentions: DiscordMessage['allowed_mentions'];
      };
    };

/** The answer to a PING. */
export const pong = (): DiscordResponse => ({ type: 1 });

/** Shows the incident as it is now in the message whose button was pressed. */
export const updateMessage = (incident: Incident): DiscordResponse => ({
  type: 7,
  data: incidentMessage(incident),
});

/** Says "got it" and changes nothing; the worker's edit follows. */
export const deferredUpdate = (): DiscordResponse => ({ type: 6 });

/** Tells the person who clicked something that nobody else sees (flag 64); 2,000 characters at most. */
export const ephemeral = (text: string): DiscordResponse => ({
  type: 4,
  data: { content: escapeText(text, 2_000), flags: 64, allowed_mentions: NO_MENTIONS },
});
