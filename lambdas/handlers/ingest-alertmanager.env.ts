import { SEVERITIES } from '../domain/severity.ts';
import { z } from '../domain/schema.ts';
import { json } from '../runtime/env-types.ts';
import { IngestIncidentEnv } from './ingest-incident.env.ts';

export const IngestAlertmanagerEnv = z.extend(IngestIncidentEnv, {
  /** Alertmanager's `severity` label → ours; every other label value is `default`. */
  ALERTMANAGER_SEVERITIES: json(
    z.strictObject({ labels: z.record(z.string(), z.enum(SEVERITIES)), default: z.enum(SEVERITIES) }),
  ),
});
