import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { found, measured } from './support/findings.ts';
import { type HostileRequest, hostileRequests, ODDITIES } from './support/hostile-requests.ts';
import { World } from './support/world.ts';

/** Against each handler. */
const REQUESTS = 20_000;
/** One in so many comes from somebody who may send. */
const GENUINE = 20;

/** What no log line and no answer may hold. */
let secrets: readonly string[];
let world: World;
const lines: string[] = [];
const rejections: unknown[] = [];
const onRejection = (reason: unknown) => rejections.push(reason);
beforeAll(async () => {
  process.on('unhandledRejection', onRejection);
  world = await World.open({
    log: (line) => lines.push(line),
  });
  const { slack: ofSlack, discord, zapier, pagerduty } = world.providers.secrets;
  secrets = [
    ...[world.senderToken, ofSlack.bot_token, ofSlack.signing_secret, discord.bot_token],
    ...[...zapier.callback_tokens, zapier.jira_hook_url, pagerduty.routing_key, ...pagerduty.webhook_secrets],
  ];
});
afterAll(async () => {
  process.off('unhandledRejection', onRejection);
  await world.close();
});

const hmac = (secret: string, text: string | Buffer) =>
  createHmac('sha256', secret).update(text).digest('hex');

/** How each handler is convinced that a request is genuine; and the statuses with which it may refuse a forged one. */
interface Target {
  readonly route: string;
  readonly credentials: (body: Buffer) => Record<string, string>;
  readonly refusals: readonly number[];
}
const HANDLERS: Readonly<Record<string, Target>> = {
  'ingest-incident': { route: 'POST /events/incidents', credentials: bearer, refusals: [401] },
  'ingest-alertmanager': { route: 'POST /events/alertmanager', credentials: bearer, refusals: [401] },
  'acknowledge-incident': {
    route: 'POST /incidents/{correlation_id}/ack',
    credentials: bearer,
    refusals: [401],
  },
  'get-incident': { route: 'GET /incidents/{correlation_id}', credentials: bearer, refusals: [401] },
  'zapier-callbacks': {
    route: 'POST /zapier/callbacks',
    credentials: () => ({ authorization: `Bearer ${world.providers.secrets.zapier.callback_tokens[0]}` }),
    refusals: [401],
  },
  'slack-interactions': { route: 'POST /slack/interactions', credentials: slack, refusals: [400, 401, 413] },
  'slack-events': { route: 'POST /slack/events', credentials: slack, refusals: [400, 401, 413] },
  'discord-interactions': {
    route: 'POST /discord/interactions',
    credentials: (body) => {
      const timestamp = seconds();
      return {
        'x-signature-timestamp': timestamp,
        'x-signature-ed25519': world.providers.discordCallbacks.sign(timestamp, body.toString('utf8')),
      };
    },
    refusals: [400, 401, 413],
  },
  'pagerduty-webhooks': {
    route: 'POST /pagerduty/webhooks',
    credentials: (body) => ({
      'x-pagerduty-signature': `v1=${hmac(world.providers.secrets.pagerduty.webhook_secrets[0], body)}`,
    }),
    refusals: [400, 401, 413],
  },
};
const seconds = () => String(Math.floor(Date.now() / 1_000));
function bearer() {
  return { authorization: `Bearer ${world.senderToken}` };
}
function slack(body: Buffer) {
  const timestamp = seconds();
  const signed = Buffer.concat([Buffer.from(`v0:${timestamp}:`), body]);
  return {
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${hmac(world.providers.secrets.slack.signing_secret, signed)}`,
  };
}

/** The bytes that a handler reads from a body; signatures are made over their text. */
const bytesOf = ({ body = '', isBase64Encoded }: HostileRequest): Buffer =>
  Buffer.from(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString('utf8'));

function eventOf(request: HostileRequest, route: string, credentials: Record<string, string>) {
  const { body, headers, isBase64Encoded, correlationId } = request;
  return {
    version: '2.0',
    routeKey: route,
    rawPath: route.split(' ')[1],
    headers: { ...headers, ...credentials },
    pathParameters: { correlation_id: correlationId },
    requestContext: { requestId: 'fuzz', timeEpoch: Date.now(), http: { method: 'POST', path: '/' } },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded,
  };
}

/** Generated once a run and sent to each handler; another seed every time. */
const SEED = Date.now() % 2 ** 31;
const requests = fc.sample(hostileRequests(GENUINE), { numRuns: REQUESTS, seed: SEED });

/** Sends one request. @returns its status, and what was wrong about the answer */
async function send(
  handler: Target,
  run: (event: unknown) => Promise<unknown>,
  request: HostileRequest,
): Promise<{ status: number; flaw: string | undefined }> {
  const credentials = request.genuine ? handler.credentials(bytesOf(request)) : {};
  const answer = (await run(eventOf(request, handler.route, credentials))) as {
    statusCode: number;
    body?: string;
  };
  const status = answer.statusCode;
  const told = [...lines.splice(0), answer.body ?? ''].find((line) =>
    secrets.some((secret) => line.includes(secret)),
  );
  let flaw: string | undefined;
  if (status >= 500) flaw = `answered ${status}`;
  else if (!request.genuine && !handler.refusals.includes(status)) flaw = `forged, but answered ${status}`;
  else if (told !== undefined) flaw = `told a secret: ${told}`;
  return { status, flaw };
}

describe(`${REQUESTS} generated requests to each handler`, () => {
  test('every HTTP handler is in the list', () => {
    expect(Object.keys(HANDLERS).sort()).toEqual([...world.stage.template.routes().values()].sort());
  });

  test.each(Object.entries(HANDLERS))('%s', { timeout: 240_000 }, async (name, handler) => {
    const run = world.warm(name);
    const statuses = new Map<number, number>();
    lines.length = 0;
    const started = performance.now();
    for (const [index, request] of requests.entries()) {
      const { status, flaw } = await send(handler, run, request);
      if (flaw !== undefined)
        throw new Error(`Seed ${SEED}, request ${index} ${flaw}: ${JSON.stringify(request).slice(0, 3_000)}`);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    const took = Math.round(performance.now() - started);
    measured(`fuzz, ${name}: ${took} ms, answers ${JSON.stringify(Object.fromEntries(statuses))}`);
    expect(rejections).toEqual([]);
    expect(world.proxy.errors).toEqual([]);
    // A generator whose genuine requests never got anywhere would prove little.
    expect([...statuses.keys()].some((status) => status < 300 || status === 404)).toBe(true);
    found('Fuzz', name, {
      requests: REQUESTS,
      '5xx': 0,
      'unhandled rejections': 0,
      'secrets told': 0,
      'forged ones taken': 0,
    });
  });

  test.each(Object.entries(HANDLERS))(
    '%s, every oddity from somebody who may send',
    async (name, handler) => {
      const run = world.warm(name);
      const flaws: string[] = [];
      for (const body of ODDITIES) {
        for (const isBase64Encoded of [true, false]) {
          const sent = isBase64Encoded ? Buffer.from(body).toString('base64') : body;
          const request = {
            ...{ headers: JSON_TYPE, body: sent, isBase64Encoded, genuine: true },
            correlationId,
          };
          const { flaw } = await send(handler, run, request);
          if (flaw !== undefined) flaws.push(`${flaw}: ${body.slice(0, 120)}`);
        }
      }
      expect(flaws).toEqual([]);
      expect(rejections).toEqual([]);
    },
  );
});

const JSON_TYPE = { 'content-type': 'application/json' };
const correlationId = '019abf5e-0000-7000-8000-000000000001';
