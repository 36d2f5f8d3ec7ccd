import { BreakerPolicySchema } from '../domain/breaker.ts';
import { RetryPolicySchema } from '../domain/retry.ts';
import { z } from '../domain/schema.ts';
import { json, text } from '../runtime/env-types.ts';

export const BreakerKeeperEnv = z.object({
  TABLE_NAME: text(),
  BREAKER_POLICY: json(BreakerPolicySchema),
  /** UUIDs of the event source mappings of Zapier's queues. */
  MAPPING_IDS: json(z.array(text())),
  OWN_QUEUE_URLS: json(z.array(z.url())),
  ALARM_TOPIC_ARN: text(),
  ZAPIER_SECRET_ID: text(),
  RETRY_POLICY: json(RetryPolicySchema),
});
