import type { Incident, IncidentFact } from '../../domain/incident.ts';
import { factSentence } from '../incident-state.ts';
import { section, type SlackMessage } from './message.ts';
import { escapeText, link } from './text.ts';

/** `metadata.event_type` of a thread reply that tells a fact. */
export const FACT_METADATA = 'incident_fact';

const MAX_CHARS = 600;

/** A later fact as a reply in the message's thread; the index makes it findable. */
export function factMessage(incident: Incident, fact: IncidentFact, factIndex: number): SlackMessage {
  const { text, url } = factSentence(incident, fact);
  const escaped = escapeText(text, MAX_CHARS);
  return {
    text: escaped,
    blocks: [section(url === undefined ? escaped : `${escaped} ${link(url, 'Open')}`)],
    metadata: {
      event_type: FACT_METADATA,
      event_payload: { correlation_id: incident.correlation_id, fact: factIndex },
    },
  };
}
