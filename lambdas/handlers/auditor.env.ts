import { AuditPolicySchema } from '../domain/audit.ts';
import { z } from '../domain/schema.ts';
import { QueueUrlsSchema } from '../domain/severity.ts';
import { json, text } from '../runtime/env-types.ts';

export const AuditorEnv = z.object({
  TABLE_NAME: text(),
  STATE_MACHINE_ARN: text(),
  QUEUE_URLS: json(QueueUrlsSchema),
  AUDIT_POLICY: json(AuditPolicySchema),
  ALARM_TOPIC_ARN: text(),
});
