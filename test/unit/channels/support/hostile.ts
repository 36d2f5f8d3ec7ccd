import fc from 'fast-check';
import type { Incident, IncidentFact } from '../../../../lambdas/domain/incident.ts';
import { INCIDENT_STATUSES } from '../../../../lambdas/domain/incident.ts';
import { after, incidentWith } from '../../../contract/support/incident.ts';

/** What somebody would write who wants to be heard by everyone, or to break the page. */
const BARBS = [
  ...[
    '<!channel>',
    '<!here>',
    '<!everyone>',
    '<@U012ABCDEF>',
    '<!subteam^S0123>',
    '<#C0123>',
    '&lt;!channel&gt;',
  ],
  ...[
    '@everyone',
    '@here',
    '@channel',
    '<@123456789012345678>',
    '<@&123456789012345678>',
    '@EVERYONE',
    '\\@everyone',
  ],
  ...[
    '<https://evil.example|click>',
    '[click](https://evil.example)',
    'https://x.example/<!channel>',
    'https://a.b/@here',
  ],
  ...['```', '`', '*', '_', '~', '~~', '||', '|', '>', '#', '- ', '\\', '&', '&amp;', '[~admin]', '<', '>'],
  ...['\u0000', '\u001b[31m', '\u202e', '\u2066', '\ufeff', '\ud83d', '\udc00', '🔥', '👩‍👩‍👧', 'é', '\u2028'],
  ...['\n', '\r\n', '\n\n\n\n', '\t', ' ', '', 'constructor', '__proto__'],
];

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...BARBS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...BARBS), fc.nat(4_000)).map(([barb, n]) => barb.repeat(n)),
  },
);

/** Any text an event's schema lets in, of up to `max` UTF-16 units. */
export const hostileText = (max: number): fc.Arbitrary<string> =>
  fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join('').slice(0, max) || 'x');

const urlText = hostileText(1_500).map(
  (text) => `https://links.example.org/${encodeURI(text.toWellFormed())}`,
);
const url = fc.oneof(
  urlText,
  hostileText(500).map((text) => `https://links.example.org/?q=${text}`),
);

const actor = hostileText(300).map((name) => ({ provider: 'slack', id: 'U0ADA', name }) as const);
const fact: fc.Arbitrary<IncidentFact> = fc.oneof(
  actor.map((by) => ({ step: 'acknowledged', at: after(42), by }) as const),
  fc
    .constantFrom('not_acknowledged' as const, 'nobody_reachable' as const)
    .map((reason) => ({ step: 'escalating', at: after(300), reason }) as const),
  fc.constant({ step: 'paged', at: after(301) } as const),
  actor.map((by) => ({ step: 'resolved', at: after(86_400), by }) as const),
  fc
    .record({ kind: fc.constantFrom('jira' as const, 'finance' as const), id: hostileText(300), url })
    .map((result) => ({ step: 'zap_result', at: after(9), result }) as const),
);
const detail: fc.Arbitrary<unknown> = fc.oneof(hostileText(2_000), fc.jsonValue(), fc.array(hostileText(50)));

/** Any incident, as hostile as its sender could make it. */
export const hostileIncident: fc.Arbitrary<Incident> = fc
  .record({
    status: fc.constantFrom(...INCIDENT_STATUSES),
    priority: hostileText(32),
    facts: fc.array(fact, { maxLength: 8 }),
    acknowledge: fc.boolean(),
    severity: fc.constantFrom('sev1' as const, 'sev2' as const, 'sev3' as const),
    summary: hostileText(8_000),
    service: fc.option(hostileText(256), { nil: undefined }),
    sourceName: hostileText(256),
    incidentId: hostileText(256),
    details: fc.dictionary(hostileText(200), detail, { maxKeys: 30 }),
    links: fc.array(fc.oneof(url, fc.record({ title: hostileText(256), url })), { maxLength: 20 }),
    runbook: fc.option(url, { nil: undefined }),
  })
  .map(({ status, priority, facts, acknowledge, ...rest }) => {
    const base = incidentWith();
    const { event_id, status: triggered } = base.event;
    return {
      ...base,
      ...{ status, priority, facts: [...base.facts, ...facts] },
      rule: { ...base.rule, acknowledge, page: acknowledge },
      event: {
        ...{ event_id, status: triggered },
        ...{ severity: rest.severity, summary: rest.summary, incident_id: rest.incidentId },
        ...{ details: rest.details, links: rest.links },
        source: { kind: 'llm-agent', name: rest.sourceName },
        ...(rest.service === undefined ? {} : { service: rest.service }),
        ...(rest.runbook === undefined ? {} : { runbook_url: rest.runbook }),
      },
    };
  });

/** Every string within a value, keys left out. */
export function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsOf);
}

/** Characters that no channel may be sent: controls but tab and newline, direction overrides, halves of pairs. */
export const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/u;

/** Enough to meet each barb in each place many times, in about a second. */
export const RUNS = { numRuns: 150 };
