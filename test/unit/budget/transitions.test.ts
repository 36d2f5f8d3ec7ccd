import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACKNOWLEDGED, ESCALATED, type Machine, transitionsOf } from '../../../bin/bench/transitions.ts';
import { deliveriesOf } from '../../../lambdas/domain/channel.ts';
import type { SeverityPolicy } from '../../../lambdas/domain/severity.ts';

const file = new URL('../../../statemachines/incident-escalation.asl.json', import.meta.url);
const machine = JSON.parse(readFileSync(file, 'utf8')) as Machine;

describe('the workflow', () => {
  it('has as many deliveries for a Sev1 as the budget counts on', () => {
    const cdk = JSON.parse(readFileSync(new URL('../../../cdk.json', import.meta.url), 'utf8')) as {
      context: { 'incident-orchestrator': { severities: SeverityPolicy } };
    };
    const policy = cdk.context['incident-orchestrator'].severities;
    expect(policy.sev1.channels.flatMap(deliveriesOf)).toHaveLength(ACKNOWLEDGED.items);
  });

  it('takes at most 7 transitions for a Sev1 that is acknowledged', () => {
    expect(transitionsOf(machine, ACKNOWLEDGED)).toBeLessThanOrEqual(7);
  });

  it('takes at most 9 for one that is escalated', () => {
    expect(transitionsOf(machine, ESCALATED)).toBeLessThanOrEqual(9);
    const unreachable = {
      items: 4,
      errors: { AwaitAcknowledgement: 'NobodyReachable', Deliver: 'DeliveryFailed' },
    };
    // Each delivery that is given up enters one more state.
    expect(transitionsOf(machine, unreachable)).toBe(transitionsOf(machine, ESCALATED) + 4);
  });
});
