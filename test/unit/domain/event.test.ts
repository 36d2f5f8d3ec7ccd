import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIncidentEvent, priorityOf } from '../../../lambdas/domain/event.ts';
import { anEvent } from '../../support/incidents.ts';

const errorsOf = (body: unknown) => {
  const parsed = parseIncidentEvent(body);
  return parsed.ok ? [] : parsed.errors;
};
const fieldsOf = (body: unknown) => errorsOf(body).map(({ field }) => field);

describe('an incident event', () => {
  it('needs an event id, an incident id, a severity and a summary, and each missing one is named', () => {
    const required = ['event_id', 'incident_id', 'severity', 'summary'];
    expect(fieldsOf({})).toEqual(required);
    for (const { message } of errorsOf({})) expect(message).toMatch(/^Required/);
  });

  it('is triggered when it does not say', () => {
    const parsed = parseIncidentEvent({ ...anEvent(), status: undefined });
    expect(parsed).toMatchObject({ ok: true, value: { status: 'triggered' } });
  });

  it('that resolves needs only its ids', () => {
    expect(parseIncidentEvent({ event_id: 'e', incident_id: 'i', status: 'resolved' }).ok).toBe(true);
  });

  it('with an unknown status is told so, along with everything else that is wrong', () => {
    expect(fieldsOf({ event_id: 'e', status: 'closed', severity: 'sev9', summary: 's' })).toEqual([
      'status',
      'incident_id',
      'severity',
    ]);
  });

  it.each([
    ['an unknown severity', { severity: 'sev0' }, 'severity'],
    ['an empty id', { event_id: '' }, 'event_id'],
    ['an id with a control character', { incident_id: 'a\u0000b' }, 'incident_id'],
    ['an id longer than a key may be', { event_id: 'x'.repeat(257) }, 'event_id'],
    ['a summary beyond 8,000 characters', { summary: 'x'.repeat(8_001) }, 'summary'],
    ['a link that is no http address', { links: ['javascript:alert(1)'] }, 'links.0'],
    ['a runbook that is no http address', { runbook_url: 'ftp://x' }, 'runbook_url'],
    ['details that are no object', { details: 'down' }, 'details'],
    ['details above 32 KiB', { details: { log: 'x'.repeat(33_000) } }, 'details'],
    ['a time without zone', { occurred_at: '2026-11-23T03:00:00' }, 'occurred_at'],
    ['a source of unknown kind', { source: { kind: 'cat', name: 'x' } }, 'source.kind'],
  ])('with %s is refused, naming %s', (_what, wrong, field) => {
    expect(fieldsOf({ ...anEvent(), ...wrong })).toEqual([field]);
  });

  it('keeps what it does not know: nothing a sender sent is lost', () => {
    const parsed = parseIncidentEvent({ ...anEvent(), tenant: 'acme' });
    expect(parsed).toMatchObject({ ok: true, value: { tenant: 'acme' } });
  });

  it('accepts a 5,000-character summary: a page must not fail for its length', () => {
    expect(parseIncidentEvent(anEvent({ summary: 'x'.repeat(5_000) })).ok).toBe(true);
  });

  it('refuses nesting that would overflow a stack, without overflowing one', () => {
    const deep: unknown = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`);
    expect(errorsOf({ ...anEvent(), details: deep })).toEqual([
      { field: 'details', message: 'Nested deeper than 12 levels' },
    ]);
  });

  it('is parsed or refused with reasons, whatever is sent', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        const parsed = parseIncidentEvent(body);
        expect(parsed.ok || parsed.errors.length > 0).toBe(true);
      }),
    );
  });

  it('has the priority of its severity when it names none', () => {
    expect(priorityOf(anEvent({ severity: 'sev2' }))).toBe('p2');
    expect(priorityOf(anEvent({ priority: 'highest' }))).toBe('highest');
  });
});
