import { setTimeout as delay } from 'node:timers/promises';
import {
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { isNamed, OpsError } from '../cli/errors.ts';
import type { CommandContext } from '../command-context.ts';

/** A function's event source, and whether it is read. */
export interface Mapping {
  readonly id: string;
  /** Name of the queue, or `stream`. */
  readonly source: string;
  /** `Enabled`, `Disabled`, or one of the states between them. */
  readonly state: string;
}

/** The event source mappings of a function, by its handler's name. */
export async function mappingsOf(ops: CommandContext, entry: string): Promise<Mapping[]> {
  const FunctionName = `${ops.target.stackName}-${entry}`;
  try {
    const page = await ops.clients.lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
    return (page.EventSourceMappings ?? []).map(mapping).sort((a, b) => b.source.localeCompare(a.source));
  } catch (cause) {
    if (!isNamed(cause, 'ResourceNotFoundException')) throw cause;
    throw new OpsError(`There is no function ${FunctionName}.`, ops.target.deployCommand, { cause });
  }
}

function mapping({
  UUID = '',
  EventSourceArn: arn = '',
  State: state = '',
}: EventSourceMappingConfiguration): Mapping {
  const source = arn.includes(':sqs:') ? arn.slice(arn.lastIndexOf(':') + 1) : 'stream';
  return { id: UUID, source, state };
}

/** AWS takes up to a minute to follow, longer when the mapping was changed a moment ago. */
const PATIENCE_MS = 150_000;
const POLL_MS = 500;

/** Enables or disables each mapping, and waits until AWS has done so. */
export async function switchMappings(
  ops: CommandContext,
  mappings: readonly Mapping[],
  enabled: boolean,
): Promise<readonly Mapping[]> {
  return Promise.all(mappings.map((each) => switchOne(ops, each, enabled)));
}

async function switchOne(ops: CommandContext, { id, source }: Mapping, enabled: boolean): Promise<Mapping> {
  const wanted = enabled ? 'Enabled' : 'Disabled';
  const deadline = Date.now() + PATIENCE_MS;
  let told = '';
  for (;;) {
    const now = mapping(await ops.clients.lambda.send(new GetEventSourceMappingCommand({ UUID: id })));
    if (now.state !== told) ops.note(`${source}: ${now.state}`);
    told = now.state;
    if (now.state === wanted) return now;
    if (now.state === 'Enabled' || now.state === 'Disabled') await update(ops, id, enabled);
    if (Date.now() > deadline) {
      throw new OpsError(
        `The mapping of ${source} is still ${now.state}, though it should be ${wanted}.`,
        'Run it again; the AWS console (Lambda, the worker, Triggers) shows what holds it up',
      );
    }
    await delay(POLL_MS);
  }
}

async function update(ops: CommandContext, id: string, enabled: boolean): Promise<void> {
  try {
    await ops.clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID: id, Enabled: enabled }));
  } catch (error) {
    // Being changed by somebody else right now: looked at again in a moment.
    if (!isNamed(error, 'ResourceInUseException')) throw error;
  }
}
