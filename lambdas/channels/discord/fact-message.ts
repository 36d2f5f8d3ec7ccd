import { oneLine, truncate } from '../../domain/text.ts';
import type { Incident, IncidentFact } from '../../domain/incident.ts';
import { factSentence } from '../incident-state.ts';
import { COLOUR, type DiscordMessage, footerOf, NO_MENTIONS } from './message.ts';
import { escapeText, link } from './text.ts';

const MAX_CHARS = 900;
/** Discord's limit of a thread's name. */
const MAX_THREAD_NAME = 100;

/** How a fact's message is known again. */
export const factFooter = (incident: Incident, factIndex: number): string =>
  `${footerOf(incident)} · fact ${factIndex}`;

/** A later fact as a message in the incident's thread. */
export function factMessage(incident: Incident, fact: IncidentFact, factIndex: number): DiscordMessage {
  const { text, url } = factSentence(incident, fact);
  const escaped = escapeText(text, MAX_CHARS);
  return {
    embeds: [
      {
        description: url === undefined ? escaped : `${escaped} ${link(url, 'Open')}`,
        color: COLOUR[incident.status],
        footer: { text: factFooter(incident, factIndex) },
        timestamp: fact.at,
      },
    ],
    components: [],
    allowed_mentions: NO_MENTIONS,
  };
}

/** The thread's name; the same for the life of the incident. No markdown is read in it. */
export function threadName({ event, correlation_id }: Incident): string {
  const name = `${event.severity.toUpperCase()} ${oneLine(event.service ?? event.summary)}`;
  return truncate(name.replace(/@(?=everyone|here)/gi, '@\u200b'), MAX_THREAD_NAME) || correlation_id;
}
