import { duration, h, reconcile, timeOf } from './dom.js';

/** The incidents, newest first. */
export function renderList(list, incidents, onSelect) {
  reconcile(
    list,
    incidents.map(({ correlation_id, summary, severity, status, received_at, acknowledge_by, chosen }) => ({
      ...{ correlation_id, summary, severity, status, received_at, acknowledge_by, chosen },
    })),
    ({ correlation_id }) => correlation_id,
    (incident) =>
      h(
        'li',
        {},
        h(
          'button',
          {
            type: 'button',
            class: 'incident',
            'data-status': incident.status,
            'data-deadline': incident.status === 'open' ? incident.acknowledge_by : null,
            'data-focus': 'incident',
            'aria-pressed': incident.chosen ? 'true' : 'false',
            onclick: () => onSelect(incident.correlation_id),
          },
          h('span', { class: `severity ${incident.severity ?? ''}`, text: incident.severity ?? '…' }),
          h('span', { class: 'what', text: incident.summary ?? incident.correlation_id }),
          h(
            'span',
            { class: 'state-line' },
            h('span', { class: `state ${incident.status ?? ''}`, text: incident.status ?? 'accepted' }),
            h('span', { class: 'left' }),
            incident.received_at ? timeOf(incident.received_at) : null,
          ),
        ),
      ),
  );
}

/** Moves the countdowns on. */
export function tickList(list) {
  for (const button of list.querySelectorAll('[data-deadline]')) {
    const left = Date.parse(button.dataset.deadline) - Date.now();
    button.querySelector('.left').textContent = left > 0 ? countdown(left) : '';
  }
}

/** Milliseconds as `4:59`. */
export function countdown(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The saga log of an incident, oldest first. */
export function renderTimeline(list, incident) {
  const start = Date.parse(incident?.received_at);
  reconcile(
    list,
    (incident?.timeline ?? []).map((entry, index) => ({ ...entry, index })),
    ({ index }) => `${incident.correlation_id}-${index}`,
    ({ step, status, at, duration_ms, metadata }) =>
      h(
        'li',
        { 'data-step': step.split(' ')[0], 'data-status': status },
        h('span', { class: 'when', title: at, text: `+${duration(Math.max(0, Date.parse(at) - start))}` }),
        h('span', { class: 'step', text: words(step, status) }),
        h('span', {
          class: 'note',
          text: [
            ['done', 'delivered'].includes(status) ? '' : status,
            took(step, duration_ms),
            aboutOf(metadata),
          ]
            .filter(Boolean)
            .join(' · '),
        }),
      ),
  );
}

/** What people call the deliveries. */
export const DELIVERIES = {
  slack: 'Slack',
  discord: 'Discord',
  'zapier-jira': 'Jira Zap',
  'zapier-finance': 'Finance Zap',
  pagerduty: 'PagerDuty',
};

function words(step, status) {
  const [verb, name] = step.split(' ');
  if (verb === 'deliver')
    return `${status === 'delivered' ? 'Delivered to' : 'Delivery to'} ${DELIVERIES[name] ?? name}`;
  const text = step.replaceAll('_', ' ');
  return text[0].toUpperCase() + text.slice(1);
}

// Only a delivery's duration is its own; the others count from the start, which is told already.
const took = (step, ms) => (step.startsWith('deliver') && ms > 0 ? duration(ms) : '');

function aboutOf(metadata = {}) {
  const { by, reason, result, error, calls } = metadata;
  return [
    by ? `by ${by.name} (${by.provider})` : '',
    reason ? String(reason).replaceAll('_', ' ') : '',
    result ? `${result.kind} ${result.id}` : '',
    error ? (typeof error === 'string' ? error : (error.message ?? JSON.stringify(error))) : '',
    calls > 1 ? `${calls} calls` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
