import type { LocalStack } from '../local/stack.ts';
import { isByTheClock } from './counted-stack.ts';

/** What a function's log says of its invocations. */
export interface FunctionTime {
  readonly name: string;
  readonly invocations: number;
  readonly ms: number;
  readonly memoryMb: number;
  /** As CloudWatch Logs counts them: 26 more than its text for each event. */
  readonly logBytes: number;
}

const EVENT_OVERHEAD_BYTES = 26;

/** Invocations, duration and log of every function since then, by the reports that end each invocation. */
export async function functionTimes(stack: LocalStack, from: number): Promise<FunctionTime[]> {
  const { logGroups: groups = [] } = await logs<{ logGroups?: { logGroupName: string }[] }>(
    stack,
    'DescribeLogGroups',
    { logGroupNamePrefix: '/aws/lambda/' },
  );
  const times = await Promise.all(groups.map(({ logGroupName: group }) => timesOf(stack, group, from)));
  return times.filter(({ name, invocations }) => invocations > 0 && !isByTheClock(name));
}

async function timesOf(stack: LocalStack, group: string, from: number): Promise<FunctionTime> {
  const { events = [] } = await logs<{ events?: { message: string }[] }>(stack, 'FilterLogEvents', {
    logGroupName: group,
    startTime: from,
  });
  const reports = events.flatMap(({ message }) => {
    const found = /^REPORT .*\bDuration: ([\d.]+) ms\tBilled.*\bMemory Size: (\d+) MB/.exec(message);
    return found === null ? [] : [{ ms: Number(found[1]), memoryMb: Number(found[2]) }];
  });
  return {
    name: group.replace(/^.*\//, ''),
    invocations: reports.length,
    ms: reports.reduce((sum, { ms }) => sum + ms, 0),
    memoryMb: reports[0]?.memoryMb ?? 0,
    logBytes: events.reduce((sum, { message }) => sum + message.length + EVENT_OVERHEAD_BYTES, 0),
  };
}

/** CloudWatch Logs, which no client of this project covers. The engine asks for no signature that fits. */
async function logs<T>(stack: LocalStack, operation: string, input: object): Promise<T> {
  const scope = `${stack.account}/20260101/${stack.region}/logs/aws4_request`;
  const response = await fetch(stack.engineEndpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Logs_20140328.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify(input),
  });
  return (await response.json()) as T;
}
