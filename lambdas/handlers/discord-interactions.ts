import { dynamoDbClient, secretsClient } from '../aws/clients.ts';
import { IncidentStore } from '../aws/incident-store.ts';
import { DiscordSecretSchema } from '../aws/secret-schemas.ts';
import { CachedSecret } from '../aws/secrets.ts';
import { mayAcknowledgeInDiscord, parseDiscordInteraction } from '../channels/discord/interaction.ts';
import { deferredUpdate, ephemeral, pong, updateMessage } from '../channels/discord/response.ts';
import { verifyDiscordSignature } from '../channels/discord/signature.ts';
import { acknowledgementText } from '../domain/acknowledgement.ts';
import { acknowledge } from '../runtime/acknowledge.ts';
import { api, reply } from '../runtime/api.ts';
import { readEnv } from '../runtime/env.ts';
import { HttpProblem } from '../runtime/problem.ts';
import { header, rawBody } from '../runtime/request.ts';
import { NOT_ON_THE_LIST } from '../runtime/slack-callbacks.ts';
import { DiscordInteractionsEnv } from './discord-interactions.env.ts';

const env = readEnv(DiscordInteractionsEnv);
const incidents = new IncidentStore(dynamoDbClient(), env.TABLE_NAME);
const secret = new CachedSecret(secretsClient(), env.DISCORD_SECRET_ID, DiscordSecretSchema);

/** `POST /discord/interactions`: Discord's PING, or somebody pressed a button of ours. */
export const handler = api(async (request) => {
  const interaction = parseDiscordInteraction(await signedBody(request));
  if (!interaction.ok) {
    throw new HttpProblem(422, 'The body is not an interaction of ours.', { errors: interaction.errors });
  }
  if (interaction.value.kind === 'ping') return reply(200, pong());
  if (interaction.value.kind === 'other') return reply(200, deferredUpdate());
  const { correlationId, by, roles } = interaction.value;
  if (!mayAcknowledgeInDiscord(env.DISCORD_ACKNOWLEDGERS.roles, roles))
    return reply(200, ephemeral(NOT_ON_THE_LIST));
  const acknowledgement = await acknowledge(incidents, correlationId, by, new Date());
  return reply(
    200,
    acknowledgement.outcome === 'yours'
      ? updateMessage(acknowledgement.incident)
      : ephemeral(acknowledgementText(acknowledgement)),
  );
});

/** The body of a request that Discord signed. @throws HttpProblem 401 for any other: Discord tries that out */
async function signedBody(request: Parameters<typeof rawBody>[0]): Promise<string> {
  const body = rawBody(request);
  const signedFor = ({ public_key }: { public_key: string }) =>
    verifyDiscordSignature({
      publicKey: public_key,
      timestamp: header(request, 'x-signature-timestamp'),
      signature: header(request, 'x-signature-ed25519'),
      rawBody: body,
      now: new Date(),
    });
  if (signedFor(await secret.get()) || signedFor(await secret.refresh())) return body;
  throw new HttpProblem(401, 'The request is not signed by Discord for this application.');
}
