import { sqsClient, stepFunctionsClient } from '../aws/clients.ts';
import { readEnvelope } from '../aws/items.ts';
import { DeadLetters } from '../aws/queues.ts';
import { WorkflowStarter } from '../aws/workflow.ts';
import { readEnv } from '../runtime/env.ts';
import { streamHandler } from '../runtime/stream.ts';
import { tracedStep } from '../runtime/telemetry.ts';
import { OutboxRelayEnv } from './relay.env.ts';

const env = readEnv(OutboxRelayEnv);
const workflow = new WorkflowStarter(stepFunctionsClient(), env.STATE_MACHINE_ARN, env.QUEUE_URLS);

/** Starts the execution of every accepted event that ingest did not start; starting one again has no effect. */
export const handler = streamHandler({
  read: ({ after }) => readEnvelope(after),
  handle: (envelope) => tracedStep('relay', envelope.correlation_id, () => workflow.start(envelope)),
  deadLetters: new DeadLetters(sqsClient(), env.DEAD_LETTER_QUEUE_URL),
});
