import { describe, expect, it } from 'vitest';
import { envelopeOf, workflowInput } from '../../../lambdas/domain/envelope.ts';
import type { QueueUrls } from '../../../lambdas/domain/severity.ts';
import { anEnvelope, anEvent, POLICY } from '../../support/incidents.ts';

const url = (name: string) => ({
  urgent: `http://sqs/${name}-urgent`,
  standard: `http://sqs/${name}-standard`,
});
const queues: QueueUrls = {
  slack: url('slack'),
  discord: url('discord'),
  zapier: url('zapier'),
  pagerduty: url('pagerduty'),
};

describe('the envelope', () => {
  it('takes channels and window from the policy, whatever the caller sends', () => {
    const greedy = anEvent({ severity: 'sev3', channels: ['pagerduty'], acknowledgement_window_seconds: 1 });
    const envelope = envelopeOf(greedy, POLICY, { correlationId: 'c', receivedAt: new Date() });
    expect(envelope.deliveries).toEqual(['slack']);
    expect(envelope.rule).toEqual(POLICY.sev3);
  });

  it('gives Zapier a delivery for Jira and one for finance', () => {
    expect(anEnvelope().deliveries).toEqual(['slack', 'discord', 'zapier-jira', 'zapier-finance']);
  });

  it('makes the same bytes of workflow input from what was stored as from what was built', () => {
    const envelope = anEnvelope();
    const stored = JSON.parse(JSON.stringify(envelope)) as typeof envelope;
    expect(workflowInput(stored, queues)).toBe(workflowInput(envelope, queues));
  });

  it('sends a Sev1 by the urgent queues and others by the standard ones', () => {
    expect(workflowInput(anEnvelope(), queues)).not.toContain('standard');
    expect(workflowInput(anEnvelope(anEvent({ severity: 'sev2' })), queues)).not.toContain('urgent');
  });

  it('keeps the event out of the workflow: ids are enough, and inputs are billed and limited', () => {
    expect(workflowInput(anEnvelope(anEvent({ summary: 'secret sauce' })), queues)).not.toContain(
      'secret sauce',
    );
  });
});
