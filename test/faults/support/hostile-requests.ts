import fc from 'fast-check';

/** A request before anything is known of who sends it. */
export interface HostileRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Says that the body is base64, whether it is or not. */
  readonly isBase64Encoded: boolean;
  readonly correlationId: string;
  /** Whether it carries what a known sender or provider would send along. */
  readonly genuine: boolean;
}

/** Any UTF-16 units, halves of surrogate pairs among them. */
const anyText = fc
  .array(
    fc.oneof(fc.nat({ max: 0xffff }), fc.constantFrom(0, 10, 0x22, 0x5c, 0xd800, 0xdfff, 0xfeff, 0x202e)),
    {
      maxLength: 30,
    },
  )
  .map((units) => String.fromCharCode(...units));
const id = '019abf5e-0000-7000-8000-000000000001';
const anyNumber = fc.constantFrom(0, -0, 1e308, -1e308, 1e21, 2 ** 53, -(2 ** 63), 5e-324, 0.1);
const wrong: fc.Arbitrary<unknown> = fc.oneof(
  anyText,
  anyNumber,
  fc.constantFrom(null, true, [], {}, '', [[[]]], { toString: 1 }, '<!channel>', '@everyone', '${jndi:x}'),
  fc.jsonValue({ maxDepth: 3 }),
);
/** The right value mostly, else something else. */
const mostly = (value: unknown): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: wrong });

const record = (members: Record<string, unknown>): fc.Arbitrary<unknown> =>
  fc.record(Object.fromEntries(Object.entries(members).map(([name, value]) => [name, mostly(value)])), {
    requiredKeys: [],
  });

const event = fc
  .tuple(
    fc.record({
      event_id: fc.oneof({ weight: 4, arbitrary: fc.uuid() }, { weight: 1, arbitrary: wrong }),
      incident_id: mostly('checkout'),
      severity: mostly('sev3'),
      summary: fc.oneof(
        { weight: 2, arbitrary: anyText },
        { weight: 2, arbitrary: fc.constant('down') },
        { weight: 1, arbitrary: wrong },
      ),
    }),
    record({
      status: 'triggered',
      priority: 'p1',
      source: { kind: 'telemetry', name: 'prometheus' },
      service: 'checkout',
      details: { a: [1, { b: null }] },
      links: ['https://example.org', { title: 't', url: 'https://example.org' }],
      runbook_url: 'https://example.org/runbook',
      occurred_at: '2026-01-01T00:00:00Z',
      something_new: { x: 1e21 },
    }),
    fc.dictionary(anyText, wrong, { maxKeys: 2 }),
  )
  .map(([required, optional, unknown]) =>
    JSON.stringify({ ...unknown, ...(optional as object), ...required }),
  );

const alertmanager = record({
  version: '4',
  groupKey: '{}:{alertname="x"}',
  status: 'firing',
  receiver: 'hook',
  groupLabels: { alertname: 'x' },
  commonLabels: { alertname: 'x', severity: 'critical' },
  commonAnnotations: { summary: 's' },
  externalURL: 'http://alertmanager:9093',
  truncatedAlerts: 0,
  alerts: [
    {
      status: 'firing',
      labels: { severity: 'critical' },
      annotations: { summary: 's' },
      startsAt: '2026-01-01T00:00:00Z',
      generatorURL: 'http://prometheus',
      fingerprint: 'f',
    },
  ],
}).map((value) => JSON.stringify(value));

const slackForm = record({
  type: 'block_actions',
  user: { id: 'U1', name: 'Ada' },
  actions: [{ action_id: 'acknowledge', value: id }],
}).map((payload) => new URLSearchParams({ payload: JSON.stringify(payload) }).toString());

const slackEvent = record({
  type: 'event_callback',
  event_id: 'Ev1',
  challenge: 'c',
  event: {
    type: 'reaction_added',
    user: 'U1',
    reaction: 'white_check_mark',
    item: { type: 'message', channel: 'C1', ts: '1.2' },
  },
}).map((value) => JSON.stringify(value));

const discord = record({
  type: 3,
  data: { custom_id: `ack:${id}`, component_type: 2 },
  member: { user: { id: '1', username: 'ada', global_name: 'Ada' }, nick: null, roles: [] },
  user: { id: '1', username: 'ada' },
}).map((value) => JSON.stringify(value));

const pagerDuty = record({
  event: {
    id: '01',
    event_type: 'incident.acknowledged',
    occurred_at: '2026-01-01T00:00:00Z',
    agent: { id: 'P1', type: 'user_reference', summary: 'Ada' },
    data: { incident_key: id },
  },
}).map((value) => JSON.stringify(value));

const zapierCallback = record({
  correlation_id: id,
  kind: 'jira',
  id: 'OPS-1',
  url: 'https://jira.example',
}).map((value) => JSON.stringify(value));

/** What no JSON serialiser of ours would write. */
export const ODDITIES: readonly string[] = [
  '',
  ' ',
  'null',
  '[]',
  '"x"',
  '{',
  '{"event_id":"a","event_id":"b"}',
  '{"__proto__":{"severity":"sev1"},"constructor":{"prototype":{}}}',
  '{"event_id":"1","incident_id":"1","severity":"sev3","summary":"s","__proto__":{"x":1}}',
  '{"event_id":1e999,"summary":-1e999}',
  '\ufeff{}',
  '{"a":"\\ud800"}',
  '{"by":"\\udfff"}',
  '{"event_id":"half","incident_id":"1","severity":"sev3","summary":"\\ud800","priority":"\\udfff"}',
  `{"correlation_id":"${id}","kind":"jira","id":"\\ud800","url":"https://example.org/\\ud800"}`,
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `{"event_id":"deep","incident_id":"1","severity":"sev3","summary":"s","x":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
  `{"event_id":"wide","incident_id":"1","severity":"sev3","summary":"s","x":[${'1e20,'.repeat(20_000)}1]}`,
  `{"event_id":"deep-details","incident_id":"1","severity":"sev3","summary":"s","details":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`,
  'x'.repeat(140_000),
  'payload=%7B%22type%22%3A%22block_actions%22%7D',
  'payload=%',
];

const body = fc.oneof(
  { weight: 4, arbitrary: event },
  { weight: 2, arbitrary: alertmanager },
  { weight: 2, arbitrary: slackForm },
  { weight: 2, arbitrary: slackEvent },
  { weight: 2, arbitrary: discord },
  { weight: 2, arbitrary: pagerDuty },
  { weight: 2, arbitrary: zapierCallback },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: anyText },
  { weight: 1, arbitrary: fc.constantFrom(...ODDITIES) },
  {
    weight: 1,
    arbitrary: fc.tuple(event, fc.nat({ max: 60 })).map(([text, length]) => text.slice(0, length)),
  },
);

const hex = (length: number) =>
  fc.string({
    unit: fc.constantFrom(...'0 1 2 3 4 5 6 7 8 9 a b c d e f'.split(' ')),
    minLength: length,
    maxLength: length,
  });
const now = () => String(Math.floor(Date.now() / 1_000));
const headers = fc.record(
  {
    'content-type': fc.oneof(
      { weight: 6, arbitrary: fc.constant('application/json') },
      fc.constantFrom(
        'application/x-www-form-urlencoded',
        'text/plain',
        'application/json; charset=latin1',
        'application/cloudevents+json',
        '',
      ),
      anyText,
    ),
    authorization: fc.oneof(
      fc.constantFrom('', 'Bearer', 'Bearer ', 'Bearer a b', 'Basic YTpi', 'bearer null', 'Bearer undefined'),
      anyText.map((text) => `Bearer ${text}`),
      hex(32).map((token) => `Bearer ${token}`),
    ),
    'x-slack-request-timestamp': fc.oneof(
      fc.constantFrom(now(), '0', '-1', '1e9', '99999999999999', 'NaN'),
      anyText,
    ),
    'x-slack-signature': fc.oneof(
      fc.constantFrom('', 'v0=', 'v1='),
      hex(64).map((digest) => `v0=${digest}`),
      anyText,
    ),
    'x-signature-timestamp': fc.oneof(fc.constantFrom(now(), '0'), anyText),
    'x-signature-ed25519': fc.oneof(fc.constantFrom(''), hex(128), hex(127), anyText),
    'x-pagerduty-signature': fc.oneof(
      fc.constantFrom('', 'v1=', ',,,', 'v1=,'.repeat(1_000)),
      fc.array(hex(64), { maxLength: 3 }).map((digests) => digests.map((digest) => `v1=${digest}`).join(',')),
      anyText,
    ),
    'x-anything': anyText,
  },
  { requiredKeys: ['content-type'] },
);

/** @param genuineShare one in so many requests is from somebody who may */
export const hostileRequests = (genuineShare: number): fc.Arbitrary<HostileRequest> =>
  fc.record({
    headers: headers,
    body: fc.option(body, { nil: undefined, freq: 20 }),
    isBase64Encoded: fc.boolean(),
    correlationId: fc.oneof(
      fc.constant(id),
      fc.uuid(),
      anyText,
      fc.constantFrom('', '..', '%00', '__proto__'),
    ),
    genuine: fc.nat({ max: genuineShare - 1 }).map((n) => n === 0),
  });
