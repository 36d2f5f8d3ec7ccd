import { z } from '../domain/schema.ts';
import { text } from '../runtime/env-types.ts';

/** For `get-incident` and `acknowledge-incident`. */
export const IncidentApiEnv = z.object({ TABLE_NAME: text(), SENDERS_SECRET_ID: text() });
