import { acknowledgeByApi, raiseIncident } from './api.js';
import { duration, h, timeOf } from './dom.js';
import { countdown, DELIVERIES } from './incidents.js';
import { pressed } from './press.js';

/** The selected incident in one look: what it is, how far it has come, how long people have. */
export function renderHero(hero, incident) {
  hero.hidden = incident?.status === undefined;
  if (hero.hidden) return;
  const seen = JSON.stringify({ ...incident, timeline: null });
  if (hero.seen === seen) return;
  hero.seen = seen;
  const focused = hero.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
  const { status, severity, summary, correlation_id: id, event, received_at: at } = incident;
  hero.dataset.status = status;
  hero.replaceChildren(
    h(
      'div',
      { class: 'headline' },
      h(
        'p',
        { class: 'meta' },
        h('span', { class: `severity ${severity}`, text: severity }),
        event?.service ? h('span', { text: event.service }) : null,
        h('span', {}, 'received ', timeOf(at)),
        h('code', { class: 'correlation', title: 'Correlation id', text: id }),
      ),
      h('p', { class: 'summary', text: summary }),
      track(incident),
    ),
    outcome(incident),
  );
  if (focused !== undefined) hero.querySelector(`[data-focus="${focused}"]`)?.focus();
  tickHero(hero);
}

/** Moves the countdown on. */
export function tickHero(hero) {
  const dial = hero.querySelector('[data-until]');
  if (dial === null) return;
  const left = Date.parse(dial.dataset.until) - Date.now();
  const whole = Date.parse(dial.dataset.until) - Date.parse(dial.dataset.since);
  dial.style.setProperty('--part', String(Math.min(1, Math.max(0, left / whole))));
  dial.querySelector('.number').textContent = left > 0 ? countdown(left) : '0:00';
  dial.querySelector('.caption').textContent = left > 0 ? 'until PagerDuty is paged' : 'paging…';
}

function track({
  deliveries = [],
  status,
  acknowledged,
  paged_at: pagedAt,
  resolved,
  escalated_at: escalatedAt,
}) {
  const told = deliveries.filter(({ name }) => name !== 'pagerduty');
  const steps = [
    ['Accepted', 'done'],
    ...told.map(({ name, status: state }) => [
      DELIVERIES[name] ?? name,
      state === 'delivered' ? 'done' : state === 'failed' ? 'failed' : 'waiting',
    ]),
    ...(escalatedAt || pagedAt ? [['Paged', pagedAt ? 'done alarm' : 'waiting alarm']] : []),
    ...(acknowledged || !resolved ? [['Acknowledged', acknowledged ? 'done good' : 'ahead']] : []),
    ['Resolved', resolved || status === 'resolved' ? 'done good' : 'ahead'],
  ];
  return h(
    'ol',
    { class: 'track' },
    steps.map(([label, state]) => h('li', { class: state, text: label })),
  );
}

function outcome(incident) {
  const {
    status,
    acknowledged,
    acknowledge_by: until,
    received_at: since,
    resolved,
    acknowledgement_asked: asked,
  } = incident;
  if (status === 'open' && until !== undefined) {
    return h(
      'div',
      { class: 'outcome' },
      h(
        'div',
        { class: 'dial', 'data-until': until, 'data-since': since },
        h('span', { class: 'number' }),
        h('span', { class: 'caption' }),
      ),
      buttons(incident),
    );
  }
  const [big, small] =
    status === 'resolved'
      ? ['Resolved', resolved?.by ? `by ${resolved.by.name}` : '']
      : acknowledged
        ? [
            'Acknowledged',
            `by ${acknowledged.by?.name ?? 'somebody'} after ${duration(acknowledged.after_ms)}`,
          ]
        : status === 'paged'
          ? ['Paged', 'PagerDuty has it; nobody has answered yet']
          : status === 'escalating'
            ? ['Paging…', 'nobody answered in time']
            : ['Open', asked ? 'waiting for somebody' : 'nothing waits for it'];
  return h(
    'div',
    { class: 'outcome' },
    h('p', { class: 'verdict' }, h('b', { text: big }), h('span', { text: small })),
    buttons(incident),
  );
}

function buttons({ correlation_id: id, status, acknowledgement_asked: asked, incident_id: incidentId }) {
  if (status === 'resolved') return null;
  const resolve = pressed('API', () =>
    raiseIncident({
      event_id: `console-${crypto.randomUUID()}`,
      incident_id: incidentId,
      status: 'resolved',
    }),
  );
  return h(
    'div',
    { class: 'actions' },
    asked && status !== 'acknowledged'
      ? h('button', {
          type: 'button',
          class: 'plain',
          'data-focus': 'ack',
          text: 'Acknowledge by API',
          onclick: pressed('API', () => acknowledgeByApi(id)),
        })
      : null,
    h('button', {
      type: 'button',
      class: 'plain',
      'data-focus': 'resolve',
      text: 'Send resolved',
      onclick: resolve,
    }),
  );
}
