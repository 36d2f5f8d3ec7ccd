import { parseSlackEvent } from '../channels/slack/event.ts';
import { DeliveryError } from '../domain/delivery.ts';
import { acknowledge } from '../runtime/acknowledge.ts';
import { api, reply } from '../runtime/api.ts';
import { readEnv } from '../runtime/env.ts';
import { HttpProblem } from '../runtime/problem.ts';
import { slackCallbacks } from '../runtime/slack-callbacks.ts';
import { logger } from '../runtime/telemetry.ts';
import { SlackCallbacksEnv } from './slack-callbacks.env.ts';

const slack = slackCallbacks(readEnv(SlackCallbacksEnv));

/**
 * `POST /slack/events`: a check mark on an incident's message acknowledges it. Slack repeats an event that was not
 * answered 200, up to three times; acknowledging again changes nothing.
 */
export const handler = api(async (request) => {
  const event = parseSlackEvent(await slack.signedBody(request));
  if (!event.ok) throw new HttpProblem(422, 'The body is not an event of Slack.', { errors: event.errors });
  if (event.value.kind === 'url_verification') return reply(200, { challenge: event.value.challenge });
  if (event.value.kind === 'check_mark') await checkMark(event.value);
  return reply(200, { ok: true });
});

async function checkMark({
  userId,
  channel,
  ts,
}: {
  userId: string;
  channel: string;
  ts: string;
}): Promise<void> {
  if (!(await slack.mayAcknowledge(userId))) return;
  const client = await slack.client();
  const [correlationId, name] = await Promise.all([
    client.incidentOf({ channel, ts }).catch(noIncident),
    client.nameOf(userId),
  ]);
  if (correlationId === undefined) return;
  await acknowledge(slack.incidents, correlationId, { provider: 'slack', id: userId, name }, new Date());
}

/** A message that Slack will not show us is no incident of ours; to be told of it again would change nothing. */
function noIncident(error: unknown): undefined {
  if (!(error instanceof DeliveryError) || error.kind !== 'permanent') throw error;
  logger.warn('A message with a check mark could not be looked at', { error });
}
