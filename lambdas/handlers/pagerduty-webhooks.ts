import { dynamoDbClient, secretsClient } from '../aws/clients.ts';
import { IncidentStore } from '../aws/incident-store.ts';
import { PagerDutySecretSchema } from '../aws/secret-schemas.ts';
import { CachedSecret } from '../aws/secrets.ts';
import { verifyPagerDutySignature } from '../channels/pagerduty/signature.ts';
import { parsePagerDutyWebhook } from '../channels/pagerduty/webhook.ts';
import { acknowledge } from '../runtime/acknowledge.ts';
import { api, reply } from '../runtime/api.ts';
import { readEnv } from '../runtime/env.ts';
import { HttpProblem } from '../runtime/problem.ts';
import { header, rawBody } from '../runtime/request.ts';
import { PagerDutyWebhooksEnv } from './provider-callbacks.env.ts';

const env = readEnv(PagerDutyWebhooksEnv);
const incidents = new IncidentStore(dynamoDbClient(), env.TABLE_NAME);
const secret = new CachedSecret(secretsClient(), env.PAGERDUTY_SECRET_ID, PagerDutySecretSchema);

/** `POST /pagerduty/webhooks`: what a person did with the page in PagerDuty is done to the incident as well. */
export const handler = api(async (request) => {
  const body = rawBody(request);
  const signature = header(request, 'x-pagerduty-signature');
  const signedWith = ({ webhook_secrets: secrets }: { webhook_secrets: string[] }) =>
    verifyPagerDutySignature({ secrets, signature, rawBody: body });
  if (!signedWith(await secret.get()) && !signedWith(await secret.refresh())) {
    throw new HttpProblem(
      401,
      'The request is not signed by a webhook subscription of PagerDuty that is known here.',
    );
  }
  const webhook = parsePagerDutyWebhook(body);
  if (!webhook.ok)
    throw new HttpProblem(422, 'The body is not a webhook of PagerDuty.', { errors: webhook.errors });
  // Our own acknowledge and resolve events come back as well; they are not a person's.
  if (webhook.value.kind === 'other' || !webhook.value.byPerson) return reply(200, { status: 'ignored' });
  const { kind, correlationId, by } = webhook.value;
  const now = new Date();
  if (kind === 'acknowledged') await acknowledge(incidents, correlationId, by, now);
  else await incidents.resolve(correlationId, by, now.toISOString());
  return reply(200, { status: kind });
});
