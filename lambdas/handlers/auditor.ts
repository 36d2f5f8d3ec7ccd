import { executionState } from '../aws/audit-executions.ts';
import { WatchList } from '../aws/audit-store.ts';
import { dynamoDbClient, snsClient, sqsClient, stepFunctionsClient } from '../aws/clients.ts';
import { Operators } from '../aws/operators.ts';
import { DeliveryQueues } from '../aws/queues.ts';
import { readIncidentRecord } from '../aws/timeline.ts';
import { WorkflowStarter } from '../aws/workflow.ts';
import { auditIncidents, type AuditDependencies } from '../runtime/audit.ts';
import { readEnv } from '../runtime/env.ts';
import { scheduled } from '../runtime/scheduled.ts';
import { AuditorEnv } from './auditor.env.ts';

const env = readEnv(AuditorEnv);
const dynamoDb = dynamoDbClient();
const stepFunctions = stepFunctionsClient();
const deps: AuditDependencies = {
  watchList: new WatchList(dynamoDb, env.TABLE_NAME),
  record: (id) => readIncidentRecord(dynamoDb, env.TABLE_NAME, id),
  execution: (id) => executionState(stepFunctions, env.STATE_MACHINE_ARN, id),
  workflow: new WorkflowStarter(stepFunctions, env.STATE_MACHINE_ARN, env.QUEUE_URLS),
  queues: new DeliveryQueues(sqsClient(), env.QUEUE_URLS),
  operators: new Operators(snsClient(), env.ALARM_TOPIC_ARN),
  policy: env.AUDIT_POLICY,
  now: () => new Date(),
};

/** On a schedule: finds incidents whose workflow is missing, failed or stuck, and starts or escalates them. */
export const handler = scheduled(() => auditIncidents(deps));
