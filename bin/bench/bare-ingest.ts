import { DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';

/** The floor of the warm path: the same two AWS calls as `ingest-incident` makes, with items as large, and no more. */
const dynamoDb = new DynamoDBClient({});
const workflow = new SFNClient({});

export async function handler({ body }: { readonly body: string }) {
  const id = crypto.randomUUID();
  const item = (pk: string, sk: string, text: string) => ({
    Put: { TableName: 'bench', Item: { pk: { S: pk }, sk: { S: sk }, text: { S: text } } },
  });
  await dynamoDb.send(
    new TransactWriteItemsCommand({
      TransactItems: [
        item(`event#${id}`, 'outbox', body + body),
        item(`incident#${id}`, 'incident', body + body),
        item(`incident-id#${id}`, id, ''),
      ],
    }),
  );
  await workflow.send(
    new StartExecutionCommand({
      stateMachineArn: 'arn:aws:states:us-east-1:1:stateMachine:bench',
      name: id,
      input: JSON.stringify({ correlation_id: id, queues: body }),
    }),
  );
  return { statusCode: 202, body: JSON.stringify({ correlation_id: id }) };
}
