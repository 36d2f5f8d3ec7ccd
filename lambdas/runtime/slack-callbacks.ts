import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { dynamoDbClient, secretsClient } from '../aws/clients.ts';
import { IncidentStore } from '../aws/incident-store.ts';
import { SlackSecretSchema } from '../aws/secret-schemas.ts';
import { CachedSecret } from '../aws/secrets.ts';
import { slackAcknowledgers, type SlackAcknowledgers } from '../channels/slack/acknowledgers.ts';
import { SlackCallbackClient } from '../channels/slack/callback-client.ts';
import { verifySlackSignature } from '../channels/slack/signature.ts';
import { HttpProblem } from './problem.ts';
import { header, rawBody } from './request.ts';

/** What a person is told who is not on the list of acknowledgers. */
export const NOT_ON_THE_LIST =
  'You are not on the list of people who may acknowledge incidents here. Ask the operators to add you.';

/** What both of Slack's callbacks need. */
export function slackCallbacks(env: {
  readonly TABLE_NAME: string;
  readonly SLACK_SECRET_ID: string;
  readonly SLACK_BASE_URL: string;
  readonly SLACK_ACKNOWLEDGERS: SlackAcknowledgers;
}) {
  const secret = new CachedSecret(secretsClient(), env.SLACK_SECRET_ID, SlackSecretSchema);
  const client = async () =>
    new SlackCallbackClient({ token: (await secret.get()).bot_token, baseUrl: env.SLACK_BASE_URL });
  const membersOf = async (group: string) => (await client()).membersOf(group);
  return {
    incidents: new IncidentStore(dynamoDbClient(), env.TABLE_NAME),
    client,
    mayAcknowledge: slackAcknowledgers(env.SLACK_ACKNOWLEDGERS, membersOf),
    /** The body of a request that Slack signed. @throws HttpProblem 401 for any other */
    signedBody: async (request: APIGatewayProxyEventV2): Promise<string> => {
      const body = rawBody(request);
      const signedWith = ({ signing_secret }: { signing_secret: string }) =>
        verifySlackSignature({
          signingSecret: signing_secret,
          timestamp: header(request, 'x-slack-request-timestamp'),
          signature: header(request, 'x-slack-signature'),
          rawBody: body,
          now: new Date(),
        });
      // A signature we do not know may be made with a newer secret than our copy.
      if (signedWith(await secret.get()) || signedWith(await secret.refresh())) return body;
      throw new HttpProblem(
        401,
        'The request is not signed by Slack, or its timestamp is more than 5 minutes off.',
      );
    },
  };
}
