import { parseIncidentEvent } from '../domain/event.ts';
import { acceptEvent } from '../runtime/accept-event.ts';
import { api } from '../runtime/api.ts';
import { readEnv } from '../runtime/env.ts';
import { intakeDependencies } from '../runtime/intake.ts';
import { HttpProblem } from '../runtime/problem.ts';
import { jsonBody } from '../runtime/request.ts';
import { authenticateSender } from '../runtime/sender-auth.ts';
import { IngestIncidentEnv } from './ingest-incident.env.ts';

const deps = intakeDependencies(readEnv(IngestIncidentEnv));

/** `POST /events/incidents`: takes in an incident event of our own format. */
export const handler = api(async (request) => {
  const sender = await authenticateSender(request, deps.senders);
  const event = parseIncidentEvent(jsonBody(request));
  if (event.ok) return acceptEvent(event.value, sender, deps);
  // Without its id an event cannot be told from its repeats: that is no event at all.
  const withoutId = event.errors.some(({ field, message }) => field === 'event_id' && message === 'Required');
  const fields = event.errors.map(({ field }) => field).join(', ');
  throw new HttpProblem(withoutId ? 400 : 422, `The event was not accepted. Wrong: ${fields}.`, {
    errors: event.errors,
  });
});
