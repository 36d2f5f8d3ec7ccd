import { parseSlackInteraction } from '../channels/slack/interaction.ts';
import { acknowledgementText } from '../domain/acknowledgement.ts';
import { acknowledge } from '../runtime/acknowledge.ts';
import { api } from '../runtime/api.ts';
import { readEnv } from '../runtime/env.ts';
import { HttpProblem } from '../runtime/problem.ts';
import { NOT_ON_THE_LIST, slackCallbacks } from '../runtime/slack-callbacks.ts';
import { logger } from '../runtime/telemetry.ts';
import { SlackCallbacksEnv } from './slack-callbacks.env.ts';

const slack = slackCallbacks(readEnv(SlackCallbacksEnv));

/** Slack wants an empty 200 within 3 s, or shows the person a warning. */
const OK = { statusCode: 200, body: '' };

/** `POST /slack/interactions`: somebody pressed a button of ours. */
export const handler = api(async (request) => {
  const interaction = parseSlackInteraction(await slack.signedBody(request));
  if (!interaction.ok) {
    throw new HttpProblem(422, 'The payload is not an interaction of ours.', { errors: interaction.errors });
  }
  if (interaction.value.kind === 'other') return OK;
  const { correlationId, by, responseUrl } = interaction.value;
  if (!(await slack.mayAcknowledge(by.id))) {
    await tell(responseUrl, NOT_ON_THE_LIST);
    return OK;
  }
  const acknowledgement = await acknowledge(slack.incidents, correlationId, by, new Date());
  // What the message will show for everyone in a moment needs no private word.
  if (acknowledgement.outcome !== 'yours') await tell(responseUrl, acknowledgementText(acknowledgement));
  return OK;
});

/** Best effort: the acknowledgement is made, and the message itself will tell. */
async function tell(responseUrl: string | undefined, text: string): Promise<void> {
  if (responseUrl === undefined) return;
  try {
    await (await slack.client()).answerPrivately(responseUrl, text);
  } catch (error) {
    logger.warn('The person who clicked could not be answered', { error });
  }
}
