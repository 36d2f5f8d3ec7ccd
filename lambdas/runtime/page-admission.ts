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
  // Whoever asked for it: the workflow does as well, when it cannot even look whether to wait.
  if (!asRead.rule.page) return { send: false, why: 'Not paged: its severity pages nobody', sent: 'no' };
  const reason = job.error === 'NobodyReachable' ? 'nobody_reachable' : 'not_acknowledged';
  const incident = await incidents.escalate(asRead.correlation_id, reason, now.toISOString());
  if (incident === undefined) return { send: false, why: 'The incident is gone', sent: 'no' };
  if (incident.status === 'escalating') return { send: true, incident };
  return { send: false, why: `Not paged: the incident is ${incident.status}`, sent: whetherSent(incident) };
}

/** `paged` is noted after PagerDuty took the page, `escalating` before it was asked. */
function whetherSent(incident: Incident): 'no' | 'maybe' | 'yes' {
  if (factOf(incident, 'paged') !== undefined) return 'yes';
  return factOf(incident, 'escalating') === undefined ? 'no' : 'maybe';
}
