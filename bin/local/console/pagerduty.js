import { control, person } from './api.js';
import { h, timeOf } from './dom.js';
import { pressed } from './press.js';

export const pageItems = ({ pages }) => pages;
export const pageKey = ({ id }) => id;
export const pageIncident = ({ dedup_key }) => dedup_key;

const DONE = { trigger: 'triggered', acknowledge: 'acknowledged', resolve: 'resolved' };

export function pageRow({ number, dedup_key: key, status, payload, created_at: at, log }) {
  const act = (action, label) =>
    h('button', {
      type: 'button',
      class: 'plain',
      'data-focus': action,
      text: label,
      onclick: pressed('PagerDuty', () =>
        control('POST', 'pagerduty/click', { correlation_id: key, user: person(), action }),
      ),
    });
  return h(
    'li',
    { class: 'page', 'data-incident': key },
    h(
      'article',
      { 'aria-label': `Page ${number}: ${status}` },
      h(
        'p',
        { class: 'byline' },
        h('span', { class: `state ${status}`, text: status }),
        h('b', { text: `#${number}` }),
        timeOf(at),
      ),
      h('p', { class: 'title', text: String(payload.summary ?? '') }),
      h('p', {
        class: 'context',
        text: [payload.severity, payload.source, payload.component].filter(Boolean).join(' · '),
      }),
      h(
        'ul',
        { class: 'log' },
        log.map((entry) => h('li', {}, timeOf(entry.at), ` ${DONE[entry.action]} by ${entry.by}`)),
      ),
      status === 'resolved'
        ? null
        : h(
            'div',
            { class: 'actions' },
            status === 'triggered' ? act('acknowledge', 'Acknowledge') : null,
            act('resolve', 'Resolve'),
          ),
    ),
  );
}
