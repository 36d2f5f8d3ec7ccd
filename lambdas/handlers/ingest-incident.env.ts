import { z } from '../domain/schema.ts';
import { QueueUrlsSchema, SeverityPolicySchema } from '../domain/severity.ts';
import { json, text } from '../runtime/env-types.ts';

export const IngestIncidentEnv = z.object({
  TABLE_NAME: text(),
  STATE_MACHINE_ARN: text(),
  SENDERS_SECRET_ID: text(),
  SEVERITY_POLICY: json(SeverityPolicySchema),
  QUEUE_URLS: json(QueueUrlsSchema),
});
