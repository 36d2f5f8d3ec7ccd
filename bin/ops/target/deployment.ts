import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { IngestIncidentEnv } from '../../../lambdas/handlers/ingest-incident.env.ts';
import {
  DiscordWorkerEnv,
  PagerDutyWorkerEnv,
  SlackWorkerEnv,
  ZapierWorkerEnv,
} from '../../../lambdas/handlers/workers.env.ts';
import * as z from 'zod/mini';
import { parse } from '../../../lambdas/domain/schema.ts';
import { isNamed, OpsError } from '../cli/errors.ts';
import type { Clients } from './clients.ts';
import type { Target } from './target.ts';

/** What operators need of each function's environment; more would tie them to the very version that is deployed. */
const NEEDED = {
  ingest: z.pick(IngestIncidentEnv, {
    TABLE_NAME: true,
    STATE_MACHINE_ARN: true,
    SENDERS_SECRET_ID: true,
    SEVERITY_POLICY: true,
    QUEUE_URLS: true,
  }),
  slack: z.pick(SlackWorkerEnv, { SLACK_SECRET_ID: true, SLACK_BASE_URL: true }),
  discord: z.pick(DiscordWorkerEnv, {
    DISCORD_SECRET_ID: true,
    DISCORD_BASE_URL: true,
    DISCORD_CHANNEL_ID: true,
  }),
  zapier: z.pick(ZapierWorkerEnv, { ZAPIER_SECRET_ID: true }),
  pagerduty: z.pick(PagerDutyWorkerEnv, { PAGERDUTY_SECRET_ID: true, PAGERDUTY_BASE_URL: true }),
} as const;

/**
 * What is deployed, as the functions themselves are told: what they use is what operators look at, and no
 * permission beyond reading a function's configuration is needed.
 */
export type Deployment = { readonly [Part in keyof typeof NEEDED]: z.output<(typeof NEEDED)[Part]> };

/** @throws OpsError when it is not deployed, or by another version than this one */
export async function readDeployment(target: Target, clients: Clients): Promise<Deployment> {
  const read = async <P extends keyof typeof NEEDED>(entry: string, part: P): Promise<Deployment[P]> => {
    const parsed = parse(NEEDED[part], await environmentOf(target, clients, entry));
    if (parsed.ok) return parsed.value as Deployment[P];
    const wrong = parsed.errors.map(({ field }) => field).join(', ');
    throw new OpsError(
      `The function ${target.stackName}-${entry} is of another version than this checkout (${wrong}).`,
      target.deployCommand,
    );
  };
  const [ingest, slack, discord, zapier, pagerduty] = await Promise.all([
    read('ingest-incident', 'ingest'),
    read('slack-worker', 'slack'),
    read('discord-worker', 'discord'),
    read('zapier-worker', 'zapier'),
    read('pagerduty-worker', 'pagerduty'),
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
