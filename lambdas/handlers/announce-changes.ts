import { sqsClient, stepFunctionsClient } from '../aws/clients.ts';
import { readIncident } from '../aws/items.ts';
import { DeadLetters, DeliveryQueues } from '../aws/queues.ts';
import { WorkflowCallbacks } from '../aws/workflow.ts';
import { endsTheWait, updateJobs } from '../domain/announcement.ts';
import { factOf, type Incident } from '../domain/incident.ts';
import { readEnv } from '../runtime/env.ts';
import { streamHandler, type Change } from '../runtime/stream.ts';
import { measure, tracedStep } from '../runtime/telemetry.ts';
import { AnnounceChangesEnv } from './relay.env.ts';

const env = readEnv(AnnounceChangesEnv);
const queues = new DeliveryQueues(sqsClient(), env.QUEUE_URLS);
const workflow = new WorkflowCallbacks(stepFunctionsClient());

/** Tells workflow, messages and page what became of an incident, whoever changed it. */
export const handler = streamHandler({
  read: changedIncident,
  handle: (incident) => tracedStep('announce', incident.correlation_id, () => announce(incident)),
  deadLetters: new DeadLetters(sqsClient(), env.DEAD_LETTER_QUEUE_URL),
});

/** Parking a token changes an incident as well, but is no fact: only a new fact is announced. */
function changedIncident({ before, after }: Change): Incident | undefined {
  const incident = readIncident(after);
  const known = before === undefined ? 0 : readIncident(before).facts.length;
  return incident.facts.length > known ? incident : undefined;
}

async function announce(incident: Incident): Promise<void> {
  const { correlation_id, status, task_token } = incident;
  // People first: a workflow that cannot be reached just now would only wait a little longer for nothing.
  await queues.send(incident.event.severity, updateJobs(incident));
  if (endsTheWait(incident) && task_token !== undefined) {
    await workflow.succeed(task_token, { correlation_id, status });
  }
  if (incident.facts.at(-1)?.step === 'escalating') {
    const reason = factOf(incident, 'escalating')?.reason ?? 'not_acknowledged';
    measure('escalated', 1, { reason }, incident.correlation_id);
  }
}
