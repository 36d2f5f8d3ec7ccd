import { channelOf, HUMAN_CHANNELS } from './channel.ts';
import type { DeliveryJob } from './delivery.ts';
import { factOf, type Incident } from './incident.ts';

/** The update jobs that a change of an incident calls for: every message, and the page if one may be out. */
export function updateJobs(incident: Incident): DeliveryJob[] {
  const shown = incident.deliveries.filter((name) =>
    HUMAN_CHANNELS.some((human) => human === channelOf(name)),
  );
  const settled = incident.status === 'acknowledged' || incident.status === 'resolved';
  const pageMayBeOut = settled && factOf(incident, 'escalating') !== undefined;
  return [...shown, ...(pageMayBeOut ? (['pagerduty'] as const) : [])].map((delivery) => ({
    kind: 'update',
    correlation_id: incident.correlation_id,
    delivery,
  }));
}

/** Whether the workflow need not wait any longer. */
export const endsTheWait = (incident: Incident): boolean =>
  incident.status === 'acknowledged' || incident.status === 'resolved';
