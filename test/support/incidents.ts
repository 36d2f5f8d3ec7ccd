import { v7 as uuidv7 } from 'uuid';
import { envelopeOf, incidentOf, type Envelope } from '../../lambdas/domain/envelope.ts';
import type { TriggeredEvent } from '../../lambdas/domain/event.ts';
import type { Incident, IncidentFact } from '../../lambdas/domain/incident.ts';
import type { SeverityPolicy } from '../../lambdas/domain/severity.ts';

/** The policy that cdk.json ships. */
export const POLICY: SeverityPolicy = {
  sev1: {
    channels: ['slack', 'discord', 'zapier'],
    acknowledge: true,
    acknowledgement_window_seconds: 300,
    page: true,
  },
  sev2: {
    channels: ['slack', 'discord', 'zapier'],
    acknowledge: true,
    acknowledgement_window_seconds: 300,
    page: false,
  },
  sev3: { channels: ['slack'], acknowledge: false, acknowledgement_window_seconds: 300, page: false },
};

export const anEvent = (over: Partial<TriggeredEvent> = {}): TriggeredEvent => ({
  event_id: 'event-1',
  incident_id: 'checkout-down',
  status: 'triggered',
  severity: 'sev1',
  summary: 'Checkout is down',
  ...over,
});

export const anEnvelope = (event: TriggeredEvent = anEvent(), correlationId: string = uuidv7()): Envelope =>
  envelopeOf(event, POLICY, { correlationId, receivedAt: new Date('2026-11-23T03:00:00.000Z') });

/** An incident to which these facts have happened, in the status that follows from them. */
export function anIncident(facts: readonly IncidentFact[] = [], event: TriggeredEvent = anEvent()): Incident {
  const incident = incidentOf(anEnvelope(event));
  const steps = facts.map(({ step }) => step);
  const status = (['resolved', 'acknowledged', 'paged', 'escalating'] as const).find((each) =>
    steps.includes(each),
  );
  return { ...incident, status: status ?? 'open', facts: [...incident.facts, ...facts] };
}

/** Seconds after the incident of {@link anIncident} was accepted, as ISO 8601. */
export const after = (seconds: number): string =>
  new Date(Date.parse('2026-11-23T03:00:00.000Z') + seconds * 1_000).toISOString();
