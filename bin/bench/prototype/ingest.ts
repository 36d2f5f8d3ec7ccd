import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';

const dynamoDb = new DynamoDBClient({});
const workflow = new SFNClient({});

/** Puts the event, starts the workflow. */
export async function handler({ body }: { readonly body: string }) {
  const { event_id: id } = JSON.parse(body) as { event_id: string };
  const item = { pk: { S: id }, body: { S: body } };
  await dynamoDb.send(new PutItemCommand({ TableName: process.env['TABLE_NAME'], Item: item }));
  await workflow.send(
    new StartExecutionCommand({
      stateMachineArn: process.env['STATE_MACHINE_ARN'],
      input: JSON.stringify({ body }),
    }),
  );
  return { statusCode: 202, body: JSON.stringify({ id }) };
}
