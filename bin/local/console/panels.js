import { control, run } from './api.js';
import { discordIncident, discordItems, discordKey, discordMessage } from './discord.js';
import { h, reconcile } from './dom.js';
import { pageIncident, pageItems, pageKey, pageRow } from './pagerduty.js';
import { pressed } from './press.js';
import { slackIncident, slackItems, slackKey, slackMessage } from './slack.js';
import { zapIncident, zapItems, zapKey, zapRun } from './zapier.js';

/** Each provider's side: its items, how they are shown, and the incidents they belong to. */
export const PANELS = {
  slack: {
    title: 'Slack',
    place: '#incidents',
    empty: 'No message yet.',
    items: slackItems,
    key: slackKey,
    render: slackMessage,
    incidents: ({ messages }) => messages.map(slackIncident).filter(Boolean),
  },
  discord: {
    title: 'Discord',
    place: '#incidents',
    empty: 'No message yet.',
    items: discordItems,
    key: discordKey,
    render: discordMessage,
    incidents: ({ messages }) => messages.map(discordIncident).filter(Boolean),
  },
  zapier: {
    title: 'Zapier',
    place: 'Zap history',
    empty: 'No Zap has run yet.',
    items: zapItems,
    key: zapKey,
    render: zapRun,
    incidents: ({ caught }) => caught.map(zapIncident).filter(Boolean),
  },
  pagerduty: {
    title: 'PagerDuty',
    place: 'Incidents',
    empty: 'Nobody has been paged.',
    items: pageItems,
    key: pageKey,
    render: pageRow,
    incidents: ({ pages }) => pages.map(pageIncident),
  },
};

const FAULTS = {
  up: ['Up', null],
  down: ['Down (503)', { status: 503 }],
  limited: ['Rate limited (429)', { status: 429 }],
  hanging: ['Never answers', { hang: true }],
  refusing: ['Refuses (403)', { status: 403 }],
};

export function createPanels(container) {
  const parts = Object.fromEntries(
    Object.entries(PANELS).map(([name, panel]) => [name, panelOf(name, panel)]),
  );
  container.append(...Object.values(parts).map(({ section }) => section));
  return {
    show(name, view, selected) {
      const { list, empty, fault, section } = parts[name];
      const { items, key, render, empty: nothing } = PANELS[name];
      const count = list.childElementCount;
      reconcile(list, items(view), key, render);
      if (list.childElementCount > count) list.stays = false;
      if (!list.stays) list.scrollTop = list.scrollHeight;
      empty.hidden = list.childElementCount > 0;
      const real = run.real.includes(name);
      empty.textContent = real ? 'The real service is connected: look there.' : nothing;
      section.dataset.fault = view.fault === null ? 'up' : 'faulty';
      fault.hidden = real;
      if (document.activeElement !== fault) fault.value = faultName(view.fault);
      mark(section, selected);
    },
    mark(selected) {
      for (const { section } of Object.values(parts)) mark(section, selected);
    },
    /** Scrolls each panel, and nothing else, to the incident. */
    point(id) {
      for (const { list } of Object.values(parts)) {
        const item = [...list.children].find((child) => child.dataset.incident === id);
        if (item === undefined) continue;
        // Its end, where the buttons are; its start when it is the newest and all of it is in sight anyway.
        list.scrollTop = item.offsetTop + item.offsetHeight - list.clientHeight;
        list.stays = item !== list.lastElementChild;
      }
    },
  };
}

function panelOf(name, { title, place }) {
  const list = h('ul', { class: 'items', tabindex: '0', 'aria-label': `${title}: ${place}` });
  // Like a chat: the newest stays in sight unless a person has scrolled away from it.
  list.addEventListener('scroll', () => {
    list.stays = list.scrollHeight - list.scrollTop - list.clientHeight > 60;
  });
  new ResizeObserver(() => {
    if (!list.stays) list.scrollTop = list.scrollHeight;
  }).observe(list);
  const empty = h('p', { class: 'empty' });
  const fault = h(
    'select',
    { class: 'fault', 'aria-label': `How ${title} behaves`, title: `How ${title} behaves` },
    Object.entries(FAULTS).map(([value, [label]]) => h('option', { value, text: label })),
    h('option', { value: 'other', text: 'Other fault', hidden: true }),
  );
  const set = pressed(title, () => {
    const [, body] = FAULTS[fault.value];
    return body === null ? control('DELETE', `${name}/fault`) : control('PUT', `${name}/fault`, body);
  });
  fault.addEventListener('change', set);
  const section = h(
    'section',
    { class: `panel ${name}`, 'aria-label': title },
    h(
      'header',
      {},
      h('span', { class: 'logo', 'aria-hidden': 'true', text: title[0] }),
      h('h2', { text: title }),
      h('span', { class: 'place', text: place }),
      fault,
    ),
    list,
    empty,
  );
  return { section, list, empty, fault };
}

const faultName = (fault) =>
  fault === null
    ? 'up'
    : (Object.keys(FAULTS).find((name) => {
        const body = FAULTS[name][1];
        return body !== null && body.status === fault.status && body.hang === fault.hang;
      }) ?? 'other');

function mark(section, selected) {
  for (const item of section.querySelectorAll('[data-incident]')) {
    item.classList.toggle('selected', item.dataset.incident === selected);
  }
}
