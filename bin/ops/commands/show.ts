import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { readIncidentRecord } from '../../../lambdas/aws/timeline.ts';
import type { Command } from '../cli/command.ts';
import { isNamed } from '../cli/errors.ts';
import { correlationIdOf, unknownIncident } from '../incidents/correlation-id.ts';
import { incidentLinks } from '../incidents/links.ts';
import { recordText } from '../incidents/record-text.ts';
import type { CommandContext } from '../command-context.ts';

/** `show`: everything that is known of one incident. */
export const show: Command = {
  usage: '<correlation id>',
  positionals: { min: 1, max: 1 },
  options: {},
  help: `Shows one incident: its state, every delivery, the timeline with durations (from the saga log), and where its
execution, logs and traces are.`,
  run: async (input, ops) => {
    const id = correlationIdOf(input);
    const { ingest } = await ops.deployment();
    const record = await readIncidentRecord(ops.clients.dynamoDb, ingest.TABLE_NAME, id);
    if (record === undefined) throw unknownIncident(id);
    const links = incidentLinks(ops.target, ingest.STATE_MACHINE_ARN, id);
    const execution = await executionStatus(ops, links.execution_arn);
    const { incident, deliveries, timeline } = record;
    // The token is a credential: whoever has it can end the wait.
    const { task_token: token, ...rest } = incident;
    return {
      ok: true,
      data: {
        ...rest,
        waits: token !== undefined,
        execution: { status: execution },
        delivery_records: deliveries,
        timeline,
        links,
      },
      text: recordText(record, execution, links, ops.now()),
    };
  },
};

async function executionStatus(ops: CommandContext, executionArn: string): Promise<string> {
  try {
    const { status } = await ops.clients.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    return status ?? 'UNKNOWN';
  } catch (error) {
    if (isNamed(error, 'ExecutionDoesNotExist')) return 'NOT_STARTED';
    throw error;
  }
}
