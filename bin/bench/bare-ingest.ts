import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { dynamoDbClient, stepFunctionsClient } from '../../lambdas/aws/clients.ts';
import { incidentItem, outboxItem, toItem, type Item } from '../../lambdas/aws/items.ts';
import { keys } from '../../lambdas/aws/keys.ts';
import { incidentOf, type Envelope } from '../../lambdas/domain/envelope.ts';
import { incidentEvent, SEV1 } from './events.ts';

/**
 * The floor of the warm path: the same two AWS calls as `ingest-incident` makes, with the same clients and items, and no more.
 * What they say is made once, before the first request; a request only puts its own id in.
 */
const dynamoDb = dynamoDbClient();
const workflow = stepFunctionsClient();

const AT = '2026-01-05T10:42:00.000Z';
const envelope: Envelope = {
  correlation_id: '01945d3c-0000-7000-8000-000000000000',
  received_at: AT,
  event: {
    ...incidentEvent('01945d3c-0000-7000-8000-000000000000'),
    status: 'triggered',
  } as Envelope['event'],
  ...SEV1,
};
const expiresAt = 1_767_700_000;
const outbox = outboxItem(envelope, '0'.repeat(64), expiresAt);
const incident = incidentItem(incidentOf(envelope), { expiresAt, watchAt: AT });
const link = toItem({ ...keys.incidentId('i', 'c'), expires_at: expiresAt });
const input = JSON.stringify({
  correlation_id: envelope.correlation_id,
  deliveries: envelope.deliveries.map((delivery) => ({
    delivery,
    queue_url: `http://127.0.0.1/${delivery}-urgent`,
  })),
  page_queue_url: 'http://127.0.0.1/pagerduty-urgent',
});

export async function handler() {
  const id = crypto.randomUUID();
  const put = (item: Item) => ({ Put: { TableName: 'bench', Item: { ...item, pk: { S: id } } } });
  await dynamoDb.send(
    new TransactWriteItemsCommand({
      TransactItems: [
        {
          Put: {
            ...put(outbox).Put,
            ConditionExpression: 'attribute_not_exists(pk) OR expires_at < :now',
            ExpressionAttributeValues: { ':now': { N: String(expiresAt) } },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        },
        put(incident),
        put(link),
      ],
    }),
  );
  const stateMachineArn = 'arn:aws:states:us-east-1:1:stateMachine:bench';
  await workflow.send(new StartExecutionCommand({ stateMachineArn, name: id, input }));
  return { statusCode: 202, body: JSON.stringify({ correlation_id: id }) };
}
