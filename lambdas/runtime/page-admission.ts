import type { IncidentStore } from '../aws/incident-store.ts';
import type { DeliveryJob } from '../domain/delivery.ts';
import { factOf, type Incident } from '../domain/incident.ts';
import type { Admission } from './delivery-dependencies.ts';

/**
 * Asks for the right to page. Only an incident that nobody has is paged: `open` becomes `escalating` here, in the
 * write that an acknowledgement at the same instant must lose or win against.
 */
export async function admitPage(
  incidents: IncidentStore,
  asRead: Incident,
  job: DeliveryJob,
  now: Date,
): Promise<Admission> {
  const reason = job.error === 'NobodyReachable' ? 'nobody_reachable' : 'not_acknowledged';
  const incident = await incidents.escalate(asRead.correlation_id, reason, now.toISOString());
  if (incident === undefined) return { send: false, why: 'The incident is gone', maybeSent: false };
  if (incident.status === 'escalating') return { send: true, incident };
  const maybeSent = factOf(incident, 'escalating') !== undefined;
  return { send: false, why: `Not paged: the incident is ${incident.status}`, maybeSent };
}
