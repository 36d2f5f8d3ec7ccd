import { control, person } from './api.js';
import { h, link, timeOf } from './dom.js';
import { mrkdwn } from './mrkdwn.js';
import { pressed } from './press.js';

const textOf = (object) => (object?.type === 'mrkdwn' ? mrkdwn(object.text) : [String(object?.text ?? '')]);

/** The incident that a message belongs to. */
export const slackIncident = (message) => message.metadata?.event_payload?.correlation_id;

/** What Slack's channel shows: one item a message, with its thread and what only one person was told. */
export const slackItems = ({ messages, ephemerals }) =>
  messages
    .filter(({ thread_ts }) => thread_ts === undefined)
    .map((message) => ({
      message,
      replies: messages.filter(({ thread_ts }) => thread_ts === message.ts),
      told: ephemerals.filter(({ about }) => about === message.ts),
    }));

export const slackKey = ({ message }) => message.ts;

export function slackMessage({ message, replies, told }) {
  const id = slackIncident(message);
  return h(
    'li',
    { class: 'slack-message', 'data-incident': id },
    h('span', { class: 'avatar', 'aria-hidden': 'true', text: 'IO' }),
    h(
      'article',
      { 'aria-label': message.text },
      h(
        'p',
        { class: 'byline' },
        h('b', { text: 'Incident orchestrator' }),
        h('span', { class: 'badge', text: 'APP' }),
        timeOf(isoOf(message.ts)),
      ),
      message.blocks.length > 0
        ? message.blocks.map((block) => slackBlock(block, id))
        : h('p', {}, mrkdwn(message.text)),
      message.edited ? h('small', { class: 'quiet', text: '(edited)' }) : null,
      reactions(message),
      thread(replies, 'reply', 'replies', (reply) => h('p', {}, mrkdwn(reply.text))),
      told.map(ephemeral),
    ),
  );
}

export const ephemeral = ({ text, content }) =>
  h(
    'p',
    { class: 'ephemeral' },
    h('small', { text: 'Only visible to you' }),
    h('span', {}, mrkdwn(text ?? content)),
  );

export function thread(replies, one, many, render) {
  if (replies.length === 0) return null;
  return h(
    'details',
    { class: 'thread', open: true },
    h('summary', { text: `${replies.length} ${replies.length === 1 ? one : many}` }),
    replies.map(render),
  );
}

function slackBlock(block, id) {
  switch (block.type) {
    case 'header':
      return h('h4', { text: block.text.text });
    case 'section':
      return h(
        'div',
        { class: 'section' },
        block.text ? h('p', {}, textOf(block.text)) : null,
        block.fields
          ? h(
              'div',
              { class: 'fields' },
              block.fields.map((field) => h('p', {}, textOf(field))),
            )
          : null,
      );
    case 'context':
      return h(
        'p',
        { class: 'context' },
        block.elements.map((element) => h('span', {}, textOf(element))),
      );
    case 'actions':
      return h(
        'div',
        { class: 'actions' },
        block.elements.map((button) => slackButton(button, id)),
      );
    case 'divider':
      return h('hr');
    default:
      return h('p', { class: 'quiet', text: `[${block.type}]` });
  }
}

function slackButton(button, id) {
  const label = String(button.text?.text ?? '');
  if (button.url) return link(button.url, label, 'slack-button');
  return h('button', {
    type: 'button',
    class: `slack-button ${button.style ?? ''}`,
    'data-focus': button.action_id,
    'aria-label': button.accessibility_label,
    text: label,
    onclick: pressed('Slack', () => control('POST', 'slack/click', { correlation_id: id, user: person() })),
  });
}

function reactions({ reactions: all, metadata }) {
  const id = metadata?.event_payload?.correlation_id;
  const mark = (name) => (name === 'white_check_mark' || name === 'heavy_check_mark' ? '✓' : `:${name}:`);
  const shown = all.map(({ name, users }) =>
    h('span', { class: 'reaction', text: `${mark(name)} ${users.length}` }),
  );
  if (id === undefined) return null;
  return h(
    'div',
    { class: 'reactions' },
    shown,
    h('button', {
      type: 'button',
      class: 'reaction add',
      'data-focus': 'react',
      'aria-label': 'React with a check mark',
      title: 'React with a check mark: acknowledges too',
      text: '✓ +',
      onclick: pressed('Slack', () => control('POST', 'slack/react', { correlation_id: id, user: person() })),
    }),
  );
}

const isoOf = (ts) => new Date(Number(ts) * 1000).toISOString();
