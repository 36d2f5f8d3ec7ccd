import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { MessageVisibility } from '../aws/queues.ts';
import { DeliveryJobSchema } from '../domain/delivery.ts';
import { parse } from '../domain/schema.ts';
import { deliver } from './deliver.ts';
import {
  onItsWayToDeadLetters,
  type DeliveryDependencies,
  type JobOutcome,
} from './delivery-dependencies.ts';
import { jobFields } from './delivery-failure.ts';
import { observed } from './middleware.ts';
import { logger } from './telemetry.ts';

/** A worker's dependencies, and its way to put a message off. */
export interface WorkerDependencies extends DeliveryDependencies {
  readonly visibility: MessageVisibility;
}

/**
 * The handler of a channel's queues. The records of a batch are worked at side by side, so that a hanging call
 * delays nobody; each that is not done stays in its queue, alone.
 */
export function queueWorker(deps: WorkerDependencies) {
  const processor = new BatchProcessor(EventType.SQS);
  return middy<SQSEvent, SQSBatchResponse>()
    .use(observed())
    .handler((event) =>
      processPartialResponse(event, (record: SQSRecord) => handleRecord(record, deps), processor, {
        // A batch in which every record failed is still answered record by record.
        throwOnFullBatchFailure: false,
      }),
    );
}

async function handleRecord(record: SQSRecord, deps: WorkerDependencies): Promise<void> {
  const outcome = await jobOutcome(record, deps);
  if (outcome.done) return;
  await deps.visibility.comeBackIn(outcome.comeBackInSeconds, record.eventSourceARN, record.receiptHandle);
  throw new Error(outcome.why);
}

async function jobOutcome(record: SQSRecord, deps: WorkerDependencies): Promise<JobOutcome> {
  const job = parse(DeliveryJobSchema, parseJson(record.body));
  if (!job.ok) {
    const wrong = job.errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
    logger.error('Malformed message; it goes to the dead-letter queue', {
      messageId: record.messageId,
      wrong,
    });
    return onItsWayToDeadLetters(`Malformed: ${wrong}`);
  }
  const receiveCount = Number(record.attributes.ApproximateReceiveCount);
  const outcome = await deliver(job.value, { messageId: record.messageId, receiveCount }, deps);
  logger.info(outcome.done ? 'Job done' : 'Job put off', {
    ...jobFields(job.value),
    receiveCount,
    ...outcome,
  });
  return outcome;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
