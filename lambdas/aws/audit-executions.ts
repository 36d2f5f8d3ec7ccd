import { DescribeExecutionCommand, ExecutionDoesNotExist, type SFNClient } from '@aws-sdk/client-sfn';
import type { ExecutionState } from '../domain/audit.ts';

const ENDED = {
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timed_out',
  ABORTED: 'aborted',
} as const;

/** What became of an incident's execution, which is named by its correlation id. */
export async function executionState(
  client: SFNClient,
  stateMachineArn: string,
  correlationId: string,
): Promise<ExecutionState> {
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${correlationId}`;
  try {
    const { status = 'RUNNING', startDate } = await client.send(
      new DescribeExecutionCommand({ executionArn }),
    );
    if (status in ENDED) return { status: ENDED[status as keyof typeof ENDED] };
    return { status: 'running', startedAt: (startDate ?? new Date()).toISOString() };
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return { status: 'missing' };
    throw error;
  }
}
