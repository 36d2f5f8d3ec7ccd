import { dynamoDbClient, sqsClient, stepFunctionsClient } from '../aws/clients.ts';
import { DeliveryStore } from '../aws/delivery-store.ts';
import { IncidentStore } from '../aws/incident-store.ts';
import { MessageVisibility } from '../aws/queues.ts';
import { WorkflowCallbacks } from '../aws/workflow.ts';
import type { RetryPolicy } from '../domain/retry.ts';
import type { WorkerDependencies } from './queue-worker.ts';

/** Builds what every worker needs; each adds its channel. */
export function workerDependencies(env: {
  readonly TABLE_NAME: string;
  readonly RETRY_POLICY: RetryPolicy;
  readonly OWN_QUEUE_URLS: readonly string[];
}): Omit<WorkerDependencies, 'channel'> {
  const dynamoDb = dynamoDbClient();
  return {
    incidents: new IncidentStore(dynamoDb, env.TABLE_NAME),
    deliveries: new DeliveryStore(dynamoDb, env.TABLE_NAME),
    workflow: new WorkflowCallbacks(stepFunctionsClient()),
    visibility: new MessageVisibility(sqsClient(), env.OWN_QUEUE_URLS),
    retry: env.RETRY_POLICY,
    now: () => new Date(),
    random: Math.random,
  };
}
