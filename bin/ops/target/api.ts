import { GetPolicyCommand } from '@aws-sdk/client-lambda';
import { HEARTBEAT_SENDER } from '../../../lambdas/domain/heartbeat.ts';
import { OpsError } from '../cli/errors.ts';
import { readSenders } from '../configure/senders.ts';
import type { CommandContext } from '../command-context.ts';

/** The API's address: the local run's front, or the HTTP API that may call the ingest function. */
export async function apiUrl(ops: CommandContext): Promise<string> {
  if (ops.target.run !== undefined) return ops.target.run.url;
  const FunctionName = `${ops.target.stackName}-ingest-incident`;
  const { Policy: policy = '' } = await ops.clients.lambda.send(new GetPolicyCommand({ FunctionName }));
  const source = /arn:(aws[\w-]*):execute-api:([\w-]+):\d+:(\w+)\//.exec(policy);
  if (source === null) {
    throw new OpsError(`No HTTP API calls the function ${FunctionName}.`, ops.target.deployCommand);
  }
  const [, partition, region = '', id = ''] = source;
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://${id}.execute-api.${region}.${domain}`;
}

/** A sender's bearer token: the named one's, else the first one's that is no heartbeat. */
export async function senderToken(
  ops: CommandContext,
  name: string | undefined,
): Promise<{ name: string; token: string }> {
  const senders = Object.entries(await readSenders(ops));
  const [found, tokens = []] =
    senders.find(([each]) => (name === undefined ? each !== HEARTBEAT_SENDER : each === name)) ?? [];
  // The newest of several: an older one is about to be removed.
  const token = tokens.at(-1);
  if (found !== undefined && token !== undefined) return { name: found, token };
  throw new OpsError(
    name === undefined
      ? 'There are no senders.'
      : `There is no sender "${name}"; there are: ${senders.map(([each]) => each).join(', ')}.`,
    `npm run ops -- configure senders --add ${name ?? '<name>'}`,
  );
}
