import type { KnownBlock, MrkdwnElement, PlainTextElement } from '@slack/web-api';
import { awaitsAcknowledgement, type Incident } from '../../domain/incident.ts';
import { truncate } from '../../domain/text.ts';
import { linesWithin } from '../fit.ts';
import { type IncidentView, viewOf } from '../incident-view.ts';
import { escapeText, link, struck } from './text.ts';

/** `action_id` of the button; its `value` is the correlation id. */
export const ACKNOWLEDGE_ACTION = 'acknowledge';
/** `metadata.event_type` of an incident's message. */
export const INCIDENT_METADATA = 'incident';

/** A message's content: what `chat.postMessage` and `chat.update` both take. */
export interface SlackMessage {
  /** For push notifications and screen readers. */
  readonly text: string;
  readonly blocks: KnownBlock[];
  readonly metadata: {
    readonly event_type: string;
    readonly event_payload: Record<string, string | number>;
  };
}

/**
 * UTF-16 units of escaped text. Slack's own: header 150, section 3,000, field 2,000, and about 13,200 over all
 * blocks, which it does not document; a message of 11,341 was seen refused, so the sum of these stays below 9,600.
 */
const LIMIT = {
  fallback: 300,
  header: 150,
  summary: 2_800,
  state: 700,
  field: 250,
  detail: 260,
  links: 1_500,
  results: 600,
};

const MAX_SECTION = 3_000;

/** The incident as Slack shows it: a pure function, so that an update of an unchanged incident changes nothing. */
export function incidentMessage(incident: Incident): SlackMessage {
  const view = viewOf(incident);
  const summary = escapeText(view.summary, LIMIT.summary);
  return {
    text: escapeText(`${view.headline}: ${truncate(view.summary, LIMIT.fallback)}`, LIMIT.fallback),
    blocks: [
      { type: 'header', text: plain(escapeText(view.headline, LIMIT.header)) },
      section(incident.status === 'resolved' ? struck(summary, MAX_SECTION) : summary),
      section(escapeText(view.state, LIMIT.state)),
      fields(view.facts.map((fact) => labelled(fact.label, fact.value, LIMIT.field))),
      ...detailBlocks(view),
      ...linkBlocks(view),
      ...buttonBlocks(incident),
      {
        type: 'context',
        elements: [mrkdwn(`Correlation id \`${incident.correlation_id}\``)],
      },
    ],
    metadata: {
      event_type: INCIDENT_METADATA,
      event_payload: { correlation_id: incident.correlation_id },
    },
  };
}

/** A section's text; mentions written as plain text stay text (`verbatim`). */
export const section = (text: string): KnownBlock => ({ type: 'section', text: mrkdwn(text) });

const mrkdwn = (text: string): MrkdwnElement => ({ type: 'mrkdwn', text, verbatim: true });
const plain = (text: string): PlainTextElement => ({ type: 'plain_text', text, emoji: false });
const fields = (texts: readonly string[]): KnownBlock => ({ type: 'section', fields: texts.map(mrkdwn) });

const labelled = (label: string, value: string, limit: number): string =>
  `*${escapeText(label, 60).replaceAll('*', '∗')}*\n${escapeText(value, limit - 65)}`;

function detailBlocks({ details, detailsLeftOut }: IncidentView): KnownBlock[] {
  if (details.length === 0) return [];
  const shown = fields(details.map(({ label, value }) => labelled(label, value, LIMIT.detail)));
  if (detailsLeftOut === 0) return [shown];
  return [shown, { type: 'context', elements: [mrkdwn(`${detailsLeftOut} more details are not shown`)] }];
}

function linkBlocks({ links, results }: IncidentView): KnownBlock[] {
  const resultLines = results.map(({ label, value, url }) => {
    const id = url === undefined ? escapeText(value, 150) : link(url, value);
    return `*${label}* ${id}`;
  });
  const texts = [
    linesWithin(
      links.map(({ title, url }) => `• ${link(url, title)}`),
      LIMIT.links,
    ),
    linesWithin(resultLines, LIMIT.results),
  ];
  return texts.filter((text) => text !== '').map(section);
}

function buttonBlocks(incident: Incident): KnownBlock[] {
  if (!awaitsAcknowledgement(incident)) return [];
  return [
    {
      type: 'actions',
      block_id: 'incident_actions',
      elements: [
        {
          type: 'button',
          action_id: ACKNOWLEDGE_ACTION,
          text: plain('Acknowledge'),
          style: 'primary',
          value: incident.correlation_id,
          accessibility_label: 'Acknowledge this incident',
        },
      ],
    },
  ];
}
