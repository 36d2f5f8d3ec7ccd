import { createHash } from 'node:crypto';
import {
  alertGroupEvent,
  AlertmanagerWebhookSchema,
  incidentIdOf,
  type AlertmanagerWebhook,
} from '../domain/alertmanager.ts';
import type { IncidentEvent } from '../domain/event.ts';
import { parse } from '../domain/schema.ts';
import { isWorse } from '../domain/severity.ts';
import { acceptEvent } from '../runtime/accept-event.ts';
import { api, reply } from '../runtime/api.ts';
import { readEnv } from '../runtime/env.ts';
import { intakeDependencies } from '../runtime/intake.ts';
import { payloadHash } from '../runtime/payload-hash.ts';
import { HttpProblem } from '../runtime/problem.ts';
import { jsonBody } from '../runtime/request.ts';
import { authenticateSender } from '../runtime/sender-auth.ts';
import { IngestAlertmanagerEnv } from './ingest-alertmanager.env.ts';

const env = readEnv(IngestAlertmanagerEnv);
const deps = intakeDependencies(env);

/** A group of thousands of alerts is sent whole, and never again after a 4xx; Lambda itself stops at 6 MB. */
const MAX_WEBHOOK_BYTES = 4 * 1024 * 1024;

/** `POST /events/alertmanager`: takes in Alertmanager's webhook as it is, one incident per alert group. */
export const handler = api(async (request) => {
  const sender = await authenticateSender(request, deps.senders);
  const webhook = parse(AlertmanagerWebhookSchema, jsonBody(request, MAX_WEBHOOK_BYTES));
  if (!webhook.ok) {
    const detail = 'The body is not a webhook of Alertmanager (version 4).';
    throw new HttpProblem(422, detail, { errors: webhook.errors });
  }
  const raised = await alreadyRaised(webhook.value);
  if ('duplicateOf' in raised) {
    const { duplicateOf, payloadMatches } = raised;
    return reply(200, { correlation_id: duplicateOf, duplicate: true, payload_matches: payloadMatches });
  }
  return acceptEvent(raised.event, sender, deps);
});

/**
 * Alertmanager repeats a group while it fires, for days, and more alerts may join it: all that belongs to the
 * incident that is not resolved yet. A group that becomes worse (a critical alert joins warnings) raises an
 * incident of its own: its page must not be lost. After a resolution the group starts afresh.
 */
async function alreadyRaised(
  webhook: AlertmanagerWebhook,
): Promise<{ event: IncidentEvent } | { duplicateOf: string; payloadMatches: boolean }> {
  const groupId = createHash('sha256').update(webhook.groupKey).digest('hex').slice(0, 32);
  const eventOf = (generation: string) =>
    alertGroupEvent(webhook, env.ALERTMANAGER_SEVERITIES, { groupId, generation });
  const latest = await deps.incidents.latestWith(incidentIdOf(groupId));
  const event = eventOf(latest ?? 'first');
  if (latest === undefined || event.status === 'resolved') return { event };
  const incident = await deps.incidents.get(latest);
  if (incident === undefined || incident.status === 'resolved') return { event };
  if (isWorse(event.severity, incident.event.severity))
    return { event: eventOf(`${latest}:${event.severity}`) };
  const { event_id } = incident.event;
  return {
    duplicateOf: latest,
    payloadMatches: payloadHash({ ...event, event_id }) === payloadHash(incident.event),
  };
}
