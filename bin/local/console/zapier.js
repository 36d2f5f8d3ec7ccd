import { control } from './api.js';
import { h, link, timeOf } from './dom.js';
import { pressed } from './press.js';

const ZAPS = {
  jira: { name: 'Jira ticket', does: 'Create issue', finish: 'Let the Zap make the ticket' },
  finance: { name: 'Finance adjustment', does: 'Book adjustment', finish: 'Let the Zap book it' },
};

export const zapItems = ({ caught }) => caught;
export const zapKey = ({ id }) => id;
export const zapIncident = ({ payload }) => payload.correlation_id;

export function zapRun({ at, zap, payload, made }) {
  const { name, does, finish } = ZAPS[zap];
  const id = payload.correlation_id;
  const own = Object.entries(payload).filter(([key, value]) => key.startsWith(`${zap}_`) && value !== null);
  return h(
    'li',
    { class: 'zap', 'data-incident': id },
    h(
      'article',
      { 'aria-label': `Zap: ${name}` },
      h('p', { class: 'byline' }, h('b', { text: name }), timeOf(at)),
      h(
        'ol',
        { class: 'steps' },
        h('li', { class: 'done', text: 'Catch hook' }),
        h('li', { class: made ? 'done' : 'waiting' }, made ? link(made.url, `${does}: ${made.id}`) : does),
      ),
      h('p', { text: String(payload.summary ?? '') }),
      h(
        'details',
        {},
        h('summary', { text: `${Object.keys(payload).length} fields` }),
        h(
          'dl',
          {},
          (own.length > 0 ? [...own, ...rest(payload, own)] : Object.entries(payload)).map(([key, value]) => [
            h('dt', { text: key }),
            h('dd', { text: shown(value) }),
          ]),
        ),
      ),
      made
        ? null
        : h('button', {
            type: 'button',
            class: 'plain',
            'data-focus': 'finish',
            text: finish,
            onclick: pressed('Zapier', () => control('POST', 'zapier/finish', { correlation_id: id, zap })),
          }),
    ),
  );
}

const rest = (payload, own) => {
  const shownAlready = new Set(own.map(([key]) => key));
  return Object.entries(payload).filter(([key]) => !shownAlready.has(key));
};
const shown = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
