import { z } from '../domain/schema.ts';
import { text } from '../runtime/env-types.ts';

export const HeartbeatEnv = z.object({
  API_URL: z.url(),
  SENDERS_SECRET_ID: text(),
  TABLE_NAME: text(),
  STATE_MACHINE_ARN: text(),
});
