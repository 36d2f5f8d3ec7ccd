import { eventSchema } from './event-schema.ts';

type Json = Record<string, unknown>;

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Json): Json => ({ 'application/json': { schema } });
const answer = (description: string, schema: Json): Json => ({ description, content: json(schema) });
const problem = (description: string): Json => ({
  description,
  content: { 'application/problem+json': { schema: ref('Problem') } },
});
const sender = [{ senderToken: [] }];
const signed = (who: string): Json => ({
  summary: `Callback of ${who}`,
  description: `Sent by ${who} itself; anything not signed by it is refused.`,
  responses: { 200: { description: 'Taken' }, 401: problem('Not signed, or signed long ago') },
});
const correlationId = {
  name: 'correlation_id',
  in: 'path',
  required: true,
  schema: { type: 'string', format: 'uuid' },
};
const string = { type: 'string' };
const when = { type: 'string', format: 'date-time' };
const object = (properties: Json, required: string[] = Object.keys(properties)): Json => ({
  type: 'object',
  required,
  properties,
});

const intake = {
  202: answer('Accepted: it will be told and, if need be, paged', ref('Accepted')),
  200: answer('Already known (a duplicate), or nothing to resolve', ref('Duplicate')),
  400: problem('No body, not JSON, or no event_id'),
  401: problem('No bearer token, or an unknown one'),
  413: problem('Body too large'),
  415: problem('Not application/json'),
  422: problem('Wrong fields, each with its path'),
  503: problem('Nothing was accepted; try again'),
};

/** The OpenAPI 3.1 description of the deployed API. */
export function openApi(): Json {
  return {
    openapi: '3.1.0',
    info: { title: 'Incident orchestrator', version: '1' },
    paths: {
      '/events/incidents': {
        post: {
          ...{ summary: 'Raise or resolve an incident', security: sender, responses: intake },
          requestBody: { required: true, content: json(ref('IncidentEvent')) },
        },
      },
      '/events/alertmanager': {
        post: {
          ...{
            summary: 'Webhook of Prometheus Alertmanager, version 4',
            security: sender,
            responses: intake,
          },
          requestBody: { required: true, content: json({ type: 'object' }) },
        },
      },
      '/incidents/{correlation_id}': {
        get: {
          ...{ summary: 'State and timeline', security: sender, parameters: [correlationId] },
          responses: {
            200: answer('The incident as it is now', ref('Incident')),
            401: problem('No bearer token, or an unknown one'),
            404: problem('Unknown incident'),
          },
        },
      },
      '/incidents/{correlation_id}/ack': {
        post: {
          ...{ summary: 'Acknowledge', security: sender, parameters: [correlationId] },
          requestBody: { required: false, content: json(object({ by: string }, [])) },
          responses: {
            200: answer('Who has it, told in words as well', ref('Acknowledgement')),
            401: problem('No bearer token, or an unknown one'),
            404: problem('Unknown incident'),
          },
        },
      },
      '/zapier/callbacks': {
        post: {
          summary: 'A Zap tells what it made',
          security: [{ zapToken: [] }],
          requestBody: { required: true, content: json(ref('ZapResult')) },
          responses: {
            200: { description: 'Taken' },
            401: problem('Not the callback token'),
            404: problem('Unknown incident'),
            422: problem('Wrong fields'),
          },
        },
      },
      '/slack/interactions': { post: signed('Slack') },
      '/slack/events': { post: signed('Slack') },
      '/discord/interactions': { post: signed('Discord') },
      '/pagerduty/webhooks': { post: signed('PagerDuty') },
    },
    components: { securitySchemes: SECURITY, schemas: { IncidentEvent: eventSchema(), ...SCHEMAS } },
  };
}

const SECURITY: Json = {
  senderToken: { type: 'http', scheme: 'bearer', description: 'One of the tokens in the senders secret' },
  zapToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'One of the callback_tokens of the zapier secret',
  },
};

const uuid = { type: 'string', format: 'uuid' };
const status = { enum: ['open', 'acknowledged', 'escalating', 'paged', 'resolved'] };

const SCHEMAS: Json = {
  Accepted: object({ correlation_id: uuid, status: { enum: ['accepted', 'resolved'] } }),
  Duplicate: object(
    {
      correlation_id: uuid,
      duplicate: { const: true },
      payload_matches: { type: 'boolean', description: 'Whether this payload is that of the first one' },
      status: { enum: ['resolved', 'nothing_to_resolve'] },
    },
    [],
  ),
  Acknowledgement: object({
    correlation_id: uuid,
    status,
    outcome: { enum: ['yours', 'yours_page_out', 'already', 'resolved'] },
    message: string,
  }),
  Incident: object(
    {
      correlation_id: uuid,
      incident_id: string,
      severity: { enum: ['sev1', 'sev2', 'sev3'] },
      priority: string,
      status,
      summary: string,
      received_at: when,
      acknowledge_by: { ...when, description: 'When PagerDuty is paged if nobody acknowledges' },
      timeline: { type: 'array', items: ref('TimelineEntry') },
    },
    ['correlation_id', 'incident_id', 'severity', 'status', 'summary', 'received_at', 'timeline'],
  ),
  TimelineEntry: object(
    {
      correlation_id: uuid,
      step: string,
      status: string,
      at: when,
      duration_ms: { type: 'integer' },
      metadata: { type: 'object' },
    },
    ['correlation_id', 'step', 'status', 'at', 'metadata'],
  ),
  ZapResult: object({ correlation_id: uuid, kind: { enum: ['jira', 'finance'] }, id: string, url: string }, [
    'correlation_id',
    'kind',
    'id',
  ]),
  Problem: object(
    {
      ...{ type: string, title: string, status: { type: 'integer' }, detail: string, instance: string },
      errors: { type: 'array', items: object({ field: string, message: string }) },
    },
    ['type', 'title', 'status', 'detail'],
  ),
};
