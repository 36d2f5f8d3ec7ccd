import type { Notice } from '../aws/operators.ts';
import type { Breaker, Outage } from '../domain/breaker.ts';
import { humanDuration } from '../domain/text.ts';

const RUNBOOK = 'Runbook: docs/runbooks/automation.md#breaker-open';

/** What the operators are told when Zapier is paused. */
export const openedNotice = (outage: Outage): Notice => ({
  subject: 'Zapier is failing: its deliveries are paused',
  lines: [
    `${outage.failures} of the last ${outage.calls} calls of Zapier failed, the last one with: ${outage.why}`,
    `Since ${outage.opened_at} none are made. Jira tickets and finance adjustments wait in their queues.`,
    'Slack, Discord and PagerDuty go on as ever. Zapier is tried again by itself; you will be told when it is back.',
    RUNBOOK,
  ],
});

/** The one summary of an outage that is over. */
export function closedNotice({ changed_at }: Breaker, outage: Outage): Notice {
  const { opened_at, waited = 0, waiting_since, openings } = outage;
  const between = (from: string) => humanDuration(Date.parse(changed_at) - Date.parse(from));
  return {
    subject: `Zapier is back after ${between(opened_at)}: ${waited} messages waited`,
    lines: [
      `Zapier's deliveries were paused for ${between(opened_at)}, from ${opened_at} to ${changed_at}.`,
      `Messages that waited: about ${waited}. They are being delivered now.`,
      `The oldest is of an incident accepted ${waiting_since}: it waited ${between(waiting_since)}.`,
      `Probes until it answered: ${openings}. The failure that opened the breaker: ${outage.why}`,
      RUNBOOK,
    ],
  };
}
