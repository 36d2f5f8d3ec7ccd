import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { IngestIncidentEnv } from '../../../lambdas/handlers/ingest-incident.env.ts';
import {
  DiscordWorkerEnv,
  PagerDutyWorkerEnv,
  SlackWorkerEnv,
  ZapierWorkerEnv,
} from '../../../lambdas/handlers/workers.env.ts';
import { parse, type z } from '../../../lambdas/domain/schema.ts';
import { isNamed, OpsError } from '../cli/errors.ts';
import type { Clients } from './clients.ts';
import type { Target } from './target.ts';

/**
 * What is deployed, as the functions themselves are told: what they use is what operators look at, and no
 * permission beyond reading a function's configuration is needed.
 */
export interface Deployment {
  readonly ingest: z.output<typeof IngestIncidentEnv>;
  readonly slack: z.output<typeof SlackWorkerEnv>;
  readonly discord: z.output<typeof DiscordWorkerEnv>;
  readonly zapier: z.output<typeof ZapierWorkerEnv>;
  readonly pagerduty: z.output<typeof PagerDutyWorkerEnv>;
}

/** @throws OpsError when it is not deployed, or by another version than this one */
export async function readDeployment(target: Target, clients: Clients): Promise<Deployment> {
  const read = async <S extends z.ZodMiniType>(entry: string, schema: S): Promise<z.output<S>> => {
    const variables = await environmentOf(target, clients, entry);
    const parsed = parse(schema, variables);
    if (parsed.ok) return parsed.value;
    const wrong = parsed.errors.map(({ field }) => field).join(', ');
    throw new OpsError(
      `The function ${target.stackName}-${entry} is of another version than this checkout (${wrong}).`,
      target.deployCommand,
    );
  };
  const [ingest, slack, discord, zapier, pagerduty] = await Promise.all([
    read('ingest-incident', IngestIncidentEnv),
    read('slack-worker', SlackWorkerEnv),
    read('discord-worker', DiscordWorkerEnv),
    read('zapier-worker', ZapierWorkerEnv),
    read('pagerduty-worker', PagerDutyWorkerEnv),
  ]);
  return { ingest, slack, discord, zapier, pagerduty };
}

/** The environment of one function. @throws OpsError when there is no such function */
export async function environmentOf(
  target: Target,
  clients: Clients,
  entry: string,
): Promise<Readonly<Record<string, string>>> {
  const FunctionName = `${target.stackName}-${entry}`;
  try {
    const configuration = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    return configuration.Environment?.Variables ?? {};
  } catch (error) {
    if (!isNamed(error, 'ResourceNotFoundException')) throw error;
    throw new OpsError(
      `The stack ${target.stackName} is not deployed here (${target.label}): it has no function ${FunctionName}.`,
      target.deployCommand,
      { cause: error },
    );
  }
}
