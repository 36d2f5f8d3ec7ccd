/** What the front tells of this run: the API's token, which providers are real, and whether it is ready. */
export const run = { ready: false, api_token: '', real: [] };

const parse = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return { detail: text };
  }
};

async function call(method, path, body, headers = {}) {
  try {
    const response = await fetch(path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { ok: response.ok, status: response.status, body: parse(await response.text()) };
  } catch {
    return {
      ok: false,
      status: 0,
      body: { title: 'No answer', detail: 'The local run does not answer. Is it still up?' },
    };
  }
}

const authorised = () => ({ authorization: `Bearer ${run.api_token}` });

export const raiseIncident = (event) => call('POST', '/events/incidents', event, authorised());
export const getIncident = (id) =>
  call('GET', `/incidents/${encodeURIComponent(id)}`, undefined, authorised());
export const acknowledgeByApi = (id) =>
  call('POST', `/incidents/${encodeURIComponent(id)}/ack`, {}, authorised());
export const control = (method, path, body) => call(method, `/sim/${path}`, body);

/** Who presses the buttons. */
export const person = () => document.querySelector('#person').value.trim() || 'Ada';

/** Calls back with each topic's newest state, and with the state of the connection. */
export function listen(topics, onTopic, onState) {
  const source = new EventSource('/console/feed');
  source.addEventListener('open', () => onState('live'));
  source.addEventListener('error', () => onState('lost'));
  for (const topic of topics) source.addEventListener(topic, ({ data }) => onTopic(topic, JSON.parse(data)));
}
