import * as z from 'zod/mini';
import { ResolvedEventSchema, TriggeredEventSchema } from '../../lambdas/domain/event.ts';

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  event_id: 'Identifies the event: the same one again within 24 hours is a duplicate.',
  incident_id: 'The sender’s own name for the incident; a later event with it and status "resolved" ends it.',
  severity: 'Decides channels, window and page by the operators’ policy.',
  priority: 'Derived from the severity when absent.',
  status: '"triggered" (the default) raises an incident, "resolved" ends it.',
  summary: 'What is wrong, in a sentence. Channels show as much as fits; it is kept whole.',
  source: 'Who found out.',
  service: 'The service that is affected.',
  details: 'Anything more; at most 32 KiB as JSON and 12 levels deep.',
  links: 'Up to 20 http(s) addresses, or {title, url}.',
  runbook_url: 'Where it says what to do.',
  occurred_at: 'When it began, ISO 8601 with a zone.',
};

type JsonSchema = Record<string, unknown>;

/** The JSON Schema of what `/events/incidents` takes, made from the zod schemas that check it. */
export function eventSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Incident event',
    description: 'Unknown members are kept. Sent to POST /events/incidents.',
    anyOf: [
      described('An event that raises an incident', TriggeredEventSchema),
      described('An event that resolves every unresolved incident with its incident_id', ResolvedEventSchema),
    ],
  };
}

function described(title: string, schema: z.ZodMiniType): JsonSchema {
  const converted = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
  // Said once, by the whole.
  delete converted['$schema'];
  const properties = Object.entries(converted['properties'] as Record<string, JsonSchema>).map(
    ([name, property]) => [name, { description: DESCRIPTIONS[name], ...property }] as const,
  );
  return { title, ...converted, properties: Object.fromEntries(properties) };
}
