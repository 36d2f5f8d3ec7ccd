import { dynamoDbClient, secretsClient, stepFunctionsClient } from '../aws/clients.ts';
import { IncidentStore } from '../aws/incident-store.ts';
import { SendersSecretSchema } from '../aws/secret-schemas.ts';
import { CachedSecret } from '../aws/secrets.ts';
import { WorkflowStarter } from '../aws/workflow.ts';
import type { QueueUrls, SeverityPolicy } from '../domain/severity.ts';
import type { IntakeDependencies } from './accept-event.ts';

/** Builds what both intake functions need, from their environment. */
export function intakeDependencies(env: {
  readonly TABLE_NAME: string;
  readonly STATE_MACHINE_ARN: string;
  readonly SENDERS_SECRET_ID: string;
  readonly SEVERITY_POLICY: SeverityPolicy;
  readonly QUEUE_URLS: QueueUrls;
}): IntakeDependencies & { readonly senders: CachedSecret<typeof SendersSecretSchema> } {
  return {
    incidents: new IncidentStore(dynamoDbClient(), env.TABLE_NAME),
    workflow: new WorkflowStarter(stepFunctionsClient(), env.STATE_MACHINE_ARN, env.QUEUE_URLS),
    policy: env.SEVERITY_POLICY,
    senders: new CachedSecret(secretsClient(), env.SENDERS_SECRET_ID, SendersSecretSchema),
    now: () => new Date(),
  };
}
