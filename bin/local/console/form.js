import { raiseIncident } from './api.js';
import { say } from './announce.js';
import { h } from './dom.js';

const FIELDS = [
  { name: 'summary', label: 'Summary', type: 'area', rows: 2, wide: true, required: true },
  { name: 'severity', label: 'Severity', type: 'select', options: ['sev1', 'sev2', 'sev3'], required: true },
  { name: 'status', label: 'Status', type: 'select', options: ['triggered', 'resolved'] },
  {
    name: 'incident_id',
    label: 'Incident id',
    hint: 'the same for all events of one incident',
    required: true,
  },
  { name: 'event_id', label: 'Event id', hint: 'the same one again is a duplicate', required: true },
  { name: 'service', label: 'Service' },
  { name: 'priority', label: 'Priority', hint: 'from the severity if empty' },
  { name: 'source.kind', label: 'Source', type: 'select', options: ['human', 'telemetry', 'llm-agent'] },
  { name: 'source.name', label: 'Source name' },
  { name: 'runbook_url', label: 'Runbook', placeholder: 'https://…' },
  { name: 'occurred_at', label: 'Occurred at', placeholder: '2026-01-31T12:00:00Z' },
  { name: 'links', label: 'Links', hint: 'one URL a line', type: 'area', rows: 2, wide: true },
  { name: 'details', label: 'Details', hint: 'a JSON object', type: 'area', rows: 3, wide: true, mono: true },
];

const EXAMPLES = [
  'Payments fail for 12 % of card transactions since the 14:05 deploy',
  'Primary database has 2 GB of disk left and fills 400 MB a minute',
  'Login answers 500 to every second request in eu-west-1',
];

/** Opens the form; `onRaised` gets the correlation id of what was accepted. */
export function openSheet(dialog, onRaised) {
  const short = crypto.randomUUID().slice(0, 8);
  const example = EXAMPLES[Math.floor(Math.random() * EXAMPLES.length)];
  const values = {
    summary: example,
    severity: 'sev1',
    status: 'triggered',
    incident_id: `console-${short}`,
    event_id: `console-${short}-1`,
    service: 'payments',
    'source.kind': 'human',
    'source.name': 'console',
    details: '{\n  "region": "eu-west-1"\n}',
  };
  const top = h('div', { class: 'form-error', role: 'alert', hidden: true });
  const send = h('button', { class: 'primary', text: 'Raise it' });
  const form = h(
    'form',
    { novalidate: true, method: 'dialog' },
    h(
      'header',
      {},
      h('h2', { id: 'sheet-title', text: 'Raise an incident' }),
      h('button', {
        type: 'button',
        class: 'close',
        'aria-label': 'Close',
        text: '×',
        onclick: () => dialog.close(),
      }),
    ),
    top,
    h(
      'div',
      { class: 'grid' },
      FIELDS.map((field) => fieldOf(field, values[field.name] ?? '')),
    ),
    h(
      'footer',
      {},
      h('p', { class: 'quiet', text: 'Sent as it is to POST /events/incidents; what is empty is left out.' }),
      send,
    ),
  );
  form.addEventListener('submit', async (submitted) => {
    submitted.preventDefault();
    clear(form, top);
    const { event, errors } = read(form);
    if (errors.length > 0) return void show(form, top, errors, 'Some fields are wrong.');
    send.setAttribute('aria-busy', 'true');
    const { ok, body, status } = await raiseIncident(event);
    send.removeAttribute('aria-busy');
    if (!ok)
      return void show(
        form,
        top,
        body.errors ?? [],
        `${status || ''} ${body.detail ?? body.title ?? ''}`.trim(),
      );
    dialog.close();
    if (body.duplicate) say(`A duplicate: ${body.correlation_id} had this event id first.`, 'wrong');
    if (body.correlation_id) onRaised(body.correlation_id);
  });
  dialog.replaceChildren(form);
  dialog.showModal();
  form.querySelector('[name="summary"]').select();
}

function fieldOf({ name, label, hint, type, options, rows, wide, mono, required, placeholder }, value) {
  const id = `field-${name.replace('.', '-')}`;
  const common = {
    id,
    name,
    'aria-describedby': `${id}-error`,
    'aria-required': required ? 'true' : null,
    placeholder,
  };
  const control =
    type === 'select'
      ? h(
          'select',
          common,
          options.map((option) => h('option', { value: option, text: option, selected: option === value })),
        )
      : type === 'area'
        ? h('textarea', {
            ...common,
            rows,
            class: mono ? 'mono' : null,
            spellcheck: mono ? 'false' : null,
            text: value,
          })
        : h('input', { ...common, value, autocomplete: 'off' });
  return h(
    'div',
    { class: wide ? 'field wide' : 'field' },
    h('label', { for: id }, label, required ? null : h('small', { text: hint ?? 'optional' })),
    control,
    h('p', { class: 'error', id: `${id}-error`, hidden: true }),
  );
}

function read(form) {
  const event = {};
  const errors = [];
  for (const { name } of FIELDS) {
    const value = form.elements[name].value.trim();
    if (value === '') continue;
    if (name === 'links') event.links = value.split(/\s*\n\s*/);
    else if (name === 'details') {
      try {
        event.details = JSON.parse(value);
      } catch (error) {
        errors.push({ field: 'details', message: `Not JSON: ${error.message}` });
      }
    } else if (name.startsWith('source.'))
      event.source = { ...event.source, [name.slice('source.'.length)]: value };
    else event[name] = value;
  }
  // A source is both of them or none.
  if (event.source !== undefined && event.source.name === undefined) delete event.source;
  return { event, errors };
}

function clear(form, top) {
  top.hidden = true;
  for (const error of form.querySelectorAll('.error')) error.hidden = true;
  for (const control of form.querySelectorAll('[aria-invalid]')) control.removeAttribute('aria-invalid');
}

/** Each error under its field; what belongs to none goes to the top. */
function show(form, top, errors, title) {
  const left = [];
  for (const { field, message } of errors) {
    const known = FIELDS.findLast(
      ({ name }) =>
        field === name ||
        field.startsWith(`${name}.`) ||
        field.startsWith(`${name}[`) ||
        name.startsWith(`${field}.`),
    );
    if (known === undefined) {
      left.push(`${field}: ${message}`);
      continue;
    }
    const control = form.elements[known.name];
    const text = document.getElementById(`${control.id}-error`);
    text.textContent = text.hidden ? message : `${text.textContent} ${message}`;
    text.hidden = false;
    control.setAttribute('aria-invalid', 'true');
  }
  top.replaceChildren(h('strong', { text: title }), ...left.map((text) => h('p', { text })));
  top.hidden = false;
  (form.querySelector('[aria-invalid]') ?? form.querySelector('[name="summary"]')).focus();
}
