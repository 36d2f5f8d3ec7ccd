import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { isNamed } from '../cli/errors.ts';
import { functionEntries } from '../incidents/links.ts';
import type { CommandContext } from '../command-context.ts';
import { type Finding, inArea } from './finding.ts';

const { ok, wrong } = inArea('deployed');

/** Whether everything this checkout has is there and can be called. */
export async function checkDeployed(ops: CommandContext): Promise<Finding[]> {
  const { ingest } = await ops.deployment();
  const deploy = ops.target.deployCommand;
  const entries = functionEntries();
  const [functions, table, workflow] = await Promise.all([
    Promise.all(entries.map((entry) => functionState(ops, entry))),
    ops.clients.dynamoDb.send(new DescribeTableCommand({ TableName: ingest.TABLE_NAME })),
    ops.clients.stepFunctions.send(
      new DescribeStateMachineCommand({ stateMachineArn: ingest.STATE_MACHINE_ARN }),
    ),
  ]);
  const findings = functions.flatMap((state, index) =>
    state === undefined ? [] : [wrong(`function ${entries[index] ?? ''}: ${state}`, deploy)],
  );
  const tableStatus = table.Table?.TableStatus ?? 'gone';
  if (!['ACTIVE', 'UPDATING'].includes(tableStatus)) findings.push(wrong(`table: ${tableStatus}`, deploy));
  if ((workflow.status ?? 'ACTIVE') !== 'ACTIVE')
    findings.push(wrong(`workflow: ${workflow.status ?? ''}`, deploy));
  if (findings.length > 0) return findings;
  return [ok(`stack ${ops.target.stackName}: ${entries.length} functions, table and workflow are there`)];
}

/** What is wrong with a function; undefined when nothing is. */
async function functionState(ops: CommandContext, entry: string): Promise<string | undefined> {
  const FunctionName = `${ops.target.stackName}-${entry}`;
  try {
    const {
      State: state,
      LastUpdateStatus: update,
      StateReason: why,
    } = await ops.clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    if (state !== undefined && !['Active', 'Inactive'].includes(state))
      return `${state}${why === undefined ? '' : `, ${why}`}`;
    return update === 'Failed' ? 'its last update failed' : undefined;
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) return 'not deployed (an older version is)';
    throw error;
  }
}
