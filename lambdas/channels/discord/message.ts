import { awaitsAcknowledgement, type Incident, type IncidentStatus } from '../../domain/incident.ts';
import { linesWithin } from '../fit.ts';
import { type IncidentView, type Labelled, viewOf } from '../incident-view.ts';
import { escapeText, link } from './text.ts';

/** Before the correlation id in a button's `custom_id` (100 characters at most). */
export const ACKNOWLEDGE_PREFIX = 'ack:';

export interface DiscordField {
  readonly name: string;
  readonly value: string;
  readonly inline: boolean;
}
export interface DiscordEmbed {
  readonly title?: string;
  readonly description: string;
  readonly color: number;
  readonly fields?: readonly DiscordField[];
  readonly footer: { readonly text: string };
  readonly timestamp?: string;
}
export interface DiscordButton {
  /** 2: button. */
  readonly type: 2;
  /** 1: primary. */
  readonly style: 1;
  readonly label: string;
  readonly custom_id: string;
}
/** A message's content: what creating, editing and an interaction's answer all take. */
export interface DiscordMessage {
  readonly embeds: readonly DiscordEmbed[];
  /** Rows (1: action row); empty takes the button away. */
  readonly components: readonly { readonly type: 1; readonly components: readonly DiscordButton[] }[];
  /** Whatever the text says, nobody is mentioned. */
  readonly allowed_mentions: { readonly parse: readonly [] };
}

export const NO_MENTIONS: DiscordMessage['allowed_mentions'] = { parse: [] };

/**
 * UTF-16 units of escaped text. Discord's own: title 256, description 4,096, 25 fields, name 256, value 1,024,
 * footer 2,048, 6,000 in all of a message's embeds; the last is kept by `total`.
 */
const LIMIT = {
  title: 256,
  state: 700,
  summary: 2_400,
  struck: 3_000,
  name: 100,
  value: 400,
  list: 900,
  fields: 25,
  total: 5_900,
};

export const COLOUR: Record<IncidentStatus, number> = {
  open: 0xe0_1e_5a,
  escalating: 0xff_7a_00,
  paged: 0xff_7a_00,
  acknowledged: 0x1d_9b_d1,
  resolved: 0x2e_b6_7d,
};

/** The correlation id's place in an embed; also how a message is found again. */
export const footerOf = (incident: Incident): string => `Correlation id ${incident.correlation_id}`;

/** The incident as Discord shows it: a pure function, so that an update of an unchanged incident changes nothing. */
export function incidentMessage(incident: Incident): DiscordMessage {
  const view = viewOf(incident);
  const summary = escapeText(view.summary, LIMIT.summary);
  const title = escapeText(view.headline, LIMIT.title);
  const shown = incident.status === 'resolved' ? struck(summary) : summary;
  const description = `${shown}\n\n**${escapeText(view.state, LIMIT.state)}**`;
  const footer = footerOf(incident);
  const budget = LIMIT.total - title.length - description.length - footer.length;
  return {
    embeds: [
      {
        title,
        description,
        color: COLOUR[incident.status],
        fields: within(budget, fieldsOf(view)),
        footer: { text: footer },
        timestamp: incident.received_at,
      },
    ],
    components: buttonRow(incident),
    allowed_mentions: NO_MENTIONS,
  };
}

/** Struck line by line; left as it is where the marks of many short lines would not fit. */
function struck(escaped: string): string {
  const text = escaped.replace(/\\?~/g, '∼').replace(/\S(?:.*\S)?/g, '~~$&~~');
  return text.length <= LIMIT.struck ? text : escaped;
}

function fieldsOf(view: IncidentView): DiscordField[] {
  const results = view.results.map(
    ({ label, value, url }) => `${label} ${url === undefined ? escapeText(value, 150) : link(url, value)}`,
  );
  const links = view.links.map(({ title, url }) => `• ${link(url, title)}`);
  const more: Labelled[] =
    view.detailsLeftOut === 0 ? [] : [{ label: 'Not shown', value: `${view.detailsLeftOut} more details` }];
  return [
    ...view.facts.map(field),
    ...list('Made by Zapier', results),
    ...list('Links', links),
    ...[...view.details, ...more].map(field),
  ];
}

const field = ({ label, value }: Labelled): DiscordField => ({
  name: escapeText(label, LIMIT.name),
  value: escapeText(value, LIMIT.value),
  inline: true,
});

function list(name: string, lines: readonly string[]): DiscordField[] {
  const value = linesWithin(lines, LIMIT.list);
  return value === '' ? [] : [{ name, value, inline: false }];
}

function within(budget: number, fields: readonly DiscordField[]): DiscordField[] {
  let left = budget;
  return fields.slice(0, LIMIT.fields).filter(({ name, value }) => {
    const size = name.length + value.length;
    if (size > left) return false;
    left -= size;
    return true;
  });
}

function buttonRow(incident: Incident): DiscordMessage['components'] {
  if (!awaitsAcknowledgement(incident)) return [];
  const custom_id = `${ACKNOWLEDGE_PREFIX}${incident.correlation_id}`;
  return [{ type: 1, components: [{ type: 2, style: 1, label: 'Acknowledge', custom_id }] }];
}
