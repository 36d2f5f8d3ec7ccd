import { control, person } from './api.js';
import { h, link, timeOf } from './dom.js';
import { inline } from './mrkdwn.js';
import { pressed } from './press.js';
import { ephemeral, thread } from './slack.js';

const RULES = [
  { at: /\\([^\w\s])/, make: ([, character]) => character },
  { at: /```(?:\w+\n)?\n?([\s\S]+?)```/, make: ([, code]) => h('pre', { text: code }) },
  { at: /`([^`\n]+)`/, make: ([, code]) => h('code', { text: code }) },
  {
    at: /\[([^\]\n]+)\]\(<?(https?:\/\/[^\s)>]+)>?\)/,
    make: ([, label, url]) => link(url, label.replace(/\\(.)/g, '$1')),
  },
  { at: /\*\*([\s\S]+?)\*\*/, make: ([, text]) => h('strong', {}, discordText(text)) },
  { at: /__([\s\S]+?)__/, make: ([, text]) => h('u', {}, discordText(text)) },
  { at: /~~([\s\S]+?)~~/, make: ([, text]) => h('s', {}, discordText(text)) },
  { at: /\*(?=\S)([^*\n]+?)\*/, make: ([, text]) => h('em', {}, discordText(text)) },
  { at: /<t:(\d+)(?::\w)?>/, make: ([, seconds]) => timeOf(new Date(seconds * 1000).toISOString()) },
  { at: /<@[!&]?(\d+)>/, make: ([, id]) => h('span', { class: 'mention', text: `@${id}` }) },
];

/** Discord's markdown as nodes. */
export const discordText = (text) => inline(String(text ?? ''), RULES, (rest) => rest);

const footersOf = (message) => message.embeds.map((embed) => embed.footer?.text ?? '');
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** The incident that a message belongs to. */
export const discordIncident = (message) => UUID.exec(footersOf(message).join(' '))?.[0];

/** What Discord's channel shows: one item a message, with its thread and what only one person was told. */
export const discordItems = ({ channel, messages, ephemerals }) =>
  messages
    .filter(({ channel_id }) => channel_id === channel)
    .map((message) => ({
      message,
      replies: messages.filter(({ channel_id }) => channel_id === message.thread?.id),
      told: ephemerals.filter(({ about }) => about === message.id),
    }));

export const discordKey = ({ message }) => message.id;

export function discordMessage({ message, replies, told }) {
  const id = discordIncident(message);
  return h(
    'li',
    { class: 'discord-message', 'data-incident': id },
    h('span', { class: 'avatar', 'aria-hidden': 'true', text: 'IO' }),
    h(
      'article',
      { 'aria-label': message.embeds[0]?.title ?? message.content },
      h(
        'p',
        { class: 'byline' },
        h('b', { text: 'Incident orchestrator' }),
        h('span', { class: 'badge', text: 'APP' }),
        timeOf(message.timestamp),
      ),
      message.content === '' ? null : h('p', {}, discordText(message.content)),
      message.embeds.map(embedOf),
      message.edited_timestamp ? h('small', { class: 'quiet', text: '(edited)' }) : null,
      message.components.map((row) =>
        h(
          'div',
          { class: 'actions' },
          (row.components ?? []).map((button) => buttonOf(button, id)),
        ),
      ),
      thread(replies, 'message in the thread', 'messages in the thread', (reply) =>
        h('div', {}, h('p', {}, discordText(reply.content)), reply.embeds.map(embedOf)),
      ),
      told.map(ephemeral),
    ),
  );
}

function embedOf(embed) {
  const box = h(
    'div',
    { class: 'embed' },
    embed.title
      ? h(
          'h4',
          {},
          embed.url ? link(embed.url, embed.title.replace(/\\(.)/g, '$1')) : discordText(embed.title),
        )
      : null,
    embed.description ? h('p', {}, discordText(embed.description)) : null,
    embed.fields?.length > 0
      ? h(
          'div',
          { class: 'fields' },
          embed.fields.map(({ name, value, inline: beside }) =>
            h(
              'div',
              { class: beside ? null : 'wide' },
              h('b', {}, discordText(name)),
              h('p', {}, discordText(value)),
            ),
          ),
        )
      : null,
    embed.footer?.text ? h('p', { class: 'context', text: embed.footer.text }) : null,
  );
  const colour = Number.isInteger(embed.color) ? embed.color : 0x4e5058;
  box.style.setProperty('--edge', `#${colour.toString(16).padStart(6, '0')}`);
  return box;
}

const STYLES = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'danger' };

function buttonOf(button, id) {
  if (button.style === 5) return link(button.url, button.label, 'discord-button secondary');
  return h('button', {
    type: 'button',
    class: `discord-button ${STYLES[button.style] ?? 'secondary'}`,
    disabled: button.disabled === true,
    'data-focus': 'acknowledge',
    text: button.label ?? '',
    onclick: pressed('Discord', () =>
      control('POST', 'discord/click', { correlation_id: id, user: person() }),
    ),
  });
}
