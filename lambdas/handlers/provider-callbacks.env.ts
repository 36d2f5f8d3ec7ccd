import { z } from '../domain/schema.ts';
import { text } from '../runtime/env-types.ts';

export const ZapierCallbacksEnv = z.object({ TABLE_NAME: text(), ZAPIER_SECRET_ID: text() });
export const PagerDutyWebhooksEnv = z.object({ TABLE_NAME: text(), PAGERDUTY_SECRET_ID: text() });
