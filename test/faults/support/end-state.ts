import type { Item } from '../../../lambdas/aws/items.ts';
import { readIncidentRecord, type IncidentRecord } from '../../../lambdas/aws/timeline.ts';
import { incidentMessage as discordMessage } from '../../../lambdas/channels/discord/message.ts';
import { incidentMessage as slackMessage } from '../../../lambdas/channels/slack/message.ts';
import { HUMAN_CHANNELS } from '../../../lambdas/domain/channel.ts';
import { factOf, type Incident } from '../../../lambdas/domain/incident.ts';
import { correlationIdOf } from '../../../bin/local/simulators/slack-workspace.ts';
import { footersOf } from '../../../bin/local/simulators/discord-guild.ts';
import type { World } from './world.ts';

/** What must be so in the end. */
export interface Expected {
  /** Pages a person got. */
  readonly pages: 0 | 1;
  readonly status: Incident['status'];
  /** Deliveries that did not go well, with how they ended; all others were delivered. */
  readonly otherwise?: Readonly<Record<string, 'failed' | 'withheld'>>;
  /** Dead-letter queues that hold something. */
  readonly deadLetters?: readonly string[];
}

export const recordOf = (world: World, correlationId: string): Promise<IncidentRecord | undefined> =>
  readIncidentRecord(world.aws.dynamoDb, world.stage.table, correlationId);

/** The correlation ids that an `incident_id` led to. */
export async function raisedFor(world: World, incidentId: string): Promise<string[]> {
  const { Items } = await world.call<{ Items: Item[] }>('DynamoDB_20120810.Query', {
    TableName: world.stage.table,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: `incident-id#${incidentId}` } },
    ConsistentRead: true,
  });
  return Items.map((item) => item['sk']?.S ?? '');
}

export async function executionStatus(world: World, correlationId: string): Promise<string | undefined> {
  const executionArn = `${world.stage.stateMachineArn.replace(':stateMachine:', ':execution:')}:${correlationId}`;
  return world.call<{ status: string }>('AWSStepFunctions.DescribeExecution', { executionArn }).then(
    ({ status }) => status,
    (error: unknown) => {
      if (String(error).includes('ExecutionDoesNotExist')) return undefined;
      throw error;
    },
  );
}

/** Messages in queues and dead-letter queues, by queue; those without are left out. */
export async function waiting(world: World, which: RegExp): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const { name, url } of world.stage.queues.filter((queue) => which.test(queue.name))) {
    const { Attributes } = await world.call<{ Attributes: Record<string, string> }>(
      'AmazonSQS.GetQueueAttributes',
      { QueueUrl: url, AttributeNames: ['All'] },
    );
    const count =
      Number(Attributes['ApproximateNumberOfMessages']) +
      Number(Attributes['ApproximateNumberOfMessagesNotVisible']);
    if (count > 0) found[name] = count;
  }
  return found;
}

/** Whether every delivery came to its end and every message shows all that happened. */
export function isSettled({ incident, deliveries }: IncidentRecord): boolean {
  const expected = [
    ...incident.deliveries,
    ...(factOf(incident, 'escalating') === undefined ? [] : (['pagerduty'] as const)),
  ];
  return expected.every((name) => {
    const delivery = deliveries.find((each) => each.name === name);
    if (delivery === undefined || delivery.status === 'sending') return false;
    if (delivery.reference === undefined) return true;
    const updated = name === 'pagerduty' || HUMAN_CHANNELS.some((channel) => channel === name);
    return !updated || delivery.facts_shown === incident.facts.length;
  });
}

/** Everything that is not as it must be, in words; empty when all is well. */
export async function flawsOf(
  world: World,
  incidentId: string,
  expected: Expected,
  queues = /./,
): Promise<string[]> {
  const flaws: string[] = [];
  const raised = await raisedFor(world, incidentId);
  const [correlationId = ''] = raised;
  if (raised.length !== 1) flaws.push(`${raised.length} incidents for one event`);
  const record = await recordOf(world, correlationId);
  if (record === undefined) return [...flaws, 'no incident'];
  const { incident, deliveries } = record;
  if (incident.status !== expected.status) flaws.push(`incident is ${incident.status}`);
  const execution = await executionStatus(world, correlationId);
  if (execution !== 'SUCCEEDED') flaws.push(`execution is ${execution ?? 'missing'}`);
  for (const { name, status } of deliveries) {
    const wanted = expected.otherwise?.[name] ?? 'delivered';
    if (status !== wanted) flaws.push(`delivery ${name} is ${status}`);
  }
  const steps = incident.facts.filter(({ step }) => step !== 'zap_result').map(({ step }) => step);
  if (new Set(steps).size !== steps.length) flaws.push(`facts repeat: ${steps.join(', ')}`);
  flaws.push(...sagaFlaws(record), ...shownFlaws(world, incident, expected));
  flaws.push(...zapierFlaws(world, incident), ...pageFlaws(world, incident, expected));
  const left = await waiting(world, queues);
  const kept = expected.deadLetters ?? [];
  for (const name of kept) if (left[name] === undefined) flaws.push(`nothing in ${name}`);
  for (const [name, count] of Object.entries(left)) {
    if (!kept.includes(name)) flaws.push(`${count} messages left in ${name}`);
  }
  return flaws;
}

function sagaFlaws({ incident, deliveries, timeline }: IncidentRecord): string[] {
  const steps = new Set(timeline.map(({ step }) => step));
  const wanted = [
    ...incident.facts.map(({ step }) => step),
    ...deliveries.map(({ name }) => `deliver ${name}`),
  ];
  return wanted.filter((step) => !steps.has(step)).map((step) => `${step} is missing from the saga`);
}

/** Of the messages people see, where they were delivered. */
function shownFlaws(world: World, incident: Incident, { otherwise = {} }: Expected): string[] {
  return [
    ...(incident.deliveries.includes('slack') && otherwise['slack'] === undefined
      ? slackFlaws(world, incident)
      : []),
    ...(incident.deliveries.includes('discord') && otherwise['discord'] === undefined
      ? discordFlaws(world, incident)
      : []),
  ];
}

function slackFlaws(world: World, incident: Incident): string[] {
  const { messages } = world.providers.slack.workspace;
  const own = messages.filter((message) => correlationIdOf(message) === incident.correlation_id);
  const top = own.filter(({ thread_ts }) => thread_ts === undefined);
  const told = own.filter(({ thread_ts }) => thread_ts !== undefined).map((each) => each.text);
  const flaws = top.length === 1 ? [] : [`${top.length} Slack messages`];
  const wanted = slackMessage(incident);
  if (top[0]?.text !== wanted.text || !sameBlocks(top[0].blocks, wanted.blocks))
    flaws.push('the Slack message does not show the final state');
  if (told.length !== new Set(told).size) flaws.push('a fact is told twice in Slack’s thread');
  return flaws;
}

/** Slack gives every block an id. */
const sameBlocks = (shown: unknown, wanted: unknown): boolean =>
  JSON.stringify(withoutIds(shown)) === JSON.stringify(withoutIds(wanted));
const withoutIds = (blocks: unknown): unknown =>
  JSON.parse(JSON.stringify(blocks, (key, value: unknown) => (key === 'block_id' ? undefined : value)));

function discordFlaws(world: World, incident: Incident): string[] {
  const { guild } = world.providers.discord;
  const own = guild.messages.filter((message) =>
    footersOf(message).some((footer) => footer.includes(incident.correlation_id)),
  );
  const top = own.filter(({ channel_id }) => channel_id === guild.channel);
  const told = own.filter(({ channel_id }) => channel_id !== guild.channel).flatMap(footersOf);
  const flaws = top.length === 1 ? [] : [`${top.length} Discord messages`];
  const wanted = discordMessage(incident);
  if (
    JSON.stringify(top[0]?.embeds) !== JSON.stringify(wanted.embeds) ||
    JSON.stringify(top[0]?.components) !== JSON.stringify(wanted.components)
  )
    flaws.push('the Discord message does not show the final state');
  if (told.length !== new Set(told).size) flaws.push('a fact is told twice in Discord’s thread');
  return flaws;
}

/** A Zap drops what it has had before, by the idempotency key. */
function zapierFlaws(world: World, incident: Incident): string[] {
  return (['jira', 'finance'] as const).flatMap((zap) => {
    const wanted = incident.deliveries.includes(`zapier-${zap}`) ? 1 : 0;
    const caught = world.providers.zapier.caught.filter(
      (each) => each.zap === zap && each.payload['correlation_id'] === incident.correlation_id,
    );
    const runs = new Set(caught.map(({ payload }) => payload['idempotency_key'])).size;
    return runs === wanted ? [] : [`${runs} runs of the ${zap} Zap`];
  });
}

function pageFlaws(world: World, incident: Incident, expected: Expected): string[] {
  const pages = world.providers.pagerduty.pages.filter(
    ({ dedup_key }) => dedup_key === incident.correlation_id,
  );
  const flaws = pages.length === expected.pages ? [] : [`${pages.length} pages`];
  const wanted =
    { resolved: 'resolved', acknowledged: 'acknowledged' }[incident.status as string] ?? 'triggered';
  flaws.push(...pages.filter(({ status }) => status !== wanted).map(({ status }) => `the page is ${status}`));
  return flaws;
}
