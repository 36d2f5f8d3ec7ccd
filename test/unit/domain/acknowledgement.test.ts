import { describe, expect, it } from 'vitest';
import { acknowledgementOf, acknowledgementText } from '../../../lambdas/domain/acknowledgement.ts';
import type { Actor } from '../../../lambdas/domain/incident.ts';
import { after, anIncident } from '../../support/incidents.ts';

const ada: Actor = { provider: 'slack', id: 'U1', name: 'Ada' };
const bob: Actor = { provider: 'discord', id: '2', name: 'Bob' };
const acknowledged = (by: Actor, at: string) => ({ step: 'acknowledged', at, by }) as const;
const escalating = { step: 'escalating', at: after(300), reason: 'not_acknowledged' } as const;

describe('an acknowledgement', () => {
  it('is yours when you were first, and says that nobody is paged', () => {
    const result = acknowledgementOf(anIncident([acknowledged(ada, after(42))]), ada);
    expect(result.outcome).toBe('yours');
    expect(acknowledgementText(result)).toBe(
      'You acknowledged this incident after 42 s. Nobody will be paged.',
    );
  });

  it('names the one who was first to everyone else', () => {
    const result = acknowledgementOf(anIncident([acknowledged(ada, after(42))]), bob);
    expect(result.outcome).toBe('already');
    expect(acknowledgementText(result)).toBe('Ada acknowledged this incident after 42 s.');
  });

  it('after the page says that the page is out and is being acknowledged', () => {
    const result = acknowledgementOf(anIncident([escalating, acknowledged(ada, after(400))]), ada);
    expect(result.outcome).toBe('yours_page_out');
    expect(acknowledgementText(result)).toContain('The page was already out; it is being acknowledged');
  });

  it('of a resolved incident says that it is over', () => {
    const result = acknowledgementOf(anIncident([{ step: 'resolved', at: after(9), by: bob }]), ada);
    expect(acknowledgementText(result)).toBe(
      'This incident is already resolved. Nothing is left to acknowledge.',
    );
  });

  it('of an unknown incident is explained, not refused', () => {
    expect(acknowledgementText({ outcome: 'unknown' })).toContain('not known here');
  });
});
