import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, Orchestrator, type ProviderRequest } from '../e2e/support/orchestrator.ts';
import { engineCalls, type EngineCall } from './support/engine-calls.ts';
import { found, measured } from './support/findings.ts';
import { inLanes } from './support/lanes.ts';

const AT_ONCE = 1_000;
const BACKLOG = 300;
/** Requests on their way at the same moment; the engine takes them one by one. */
const SENDERS = 50;
const WINDOW_SECONDS = 20;

const channels = ['slack', 'discord', 'zapier'];
const rule = { acknowledge: true, acknowledgement_window_seconds: WINDOW_SECONDS };

let orchestrator: Orchestrator;
let call: EngineCall;
let close: () => void;
beforeAll(async () => {
  orchestrator = await Orchestrator.start({
    overrides: {
      severities: {
        sev1: { ...rule, channels, page: true },
        sev2: { ...rule, channels: ['slack'], page: false },
        // A backlog on every channel, the pager among them.
        sev3: { ...rule, channels, page: true },
      },
    },
  });
  const { engineEndpoint, account } = orchestrator.stack;
  ({ call, close } = engineCalls(engineEndpoint, account));
});
afterAll(async () => {
  close();
  await orchestrator.stack.stop();
});

const CREATES = {
  slack: /chat\.postMessage$/,
  discord: /\/channels\/\d+\/messages$/,
  zapier: /\/hooks\/catch\//,
  pagerduty: /\/v2\/enqueue$/,
} as const;
type Provider = keyof typeof CREATES;
const PROVIDERS = Object.keys(CREATES) as Provider[];
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/;

/** The first tellings that a provider took, in order: the correlation id of each. */
async function tellings(provider: Provider): Promise<string[]> {
  const { body } = await orchestrator.sim('GET', `${provider}/requests`);
  return (body as unknown as ProviderRequest[])
    .filter(({ path, body: sent, status }) => {
      const text = JSON.stringify(sent);
      const later = /thread_ts|incident_fact|"event_action":"(?:acknowledge|resolve)"/.test(text);
      return CREATES[provider].test(path) && !later && status < 300;
    })
    .map(({ body: sent }) => UUID.exec(JSON.stringify(sent))?.[0] ?? '');
}

/** Posts as a sender does: again, until it is taken. */
const post = async (index: number, severity: string): Promise<string> => {
  const id = `${severity}-${index}`;
  const event = { event_id: id, incident_id: id, severity, summary: `Number ${index}` };
  const answer = await eventually(
    `${id} is taken`,
    () => orchestrator.api('POST', '/events/incidents', event),
    ({ status }) => status < 500,
  );
  expect([200, 202]).toContain(answer.status);
  return String(answer.body['correlation_id']);
};

test(`${AT_ONCE} incidents at once: none lost, none twice`, { timeout: 240_000 }, async () => {
  const started = performance.now();
  const ids: string[] = [];
  await inLanes(
    Array.from({ length: AT_ONCE }, (_, index) => index),
    SENDERS,
    async (index) => {
      ids.push(await post(index, 'sev2'));
    },
  );
  const accepted = performance.now();
  const told = await eventually(
    'told in Slack',
    () => tellings('slack'),
    (all) => new Set(all).size >= AT_ONCE,
    180_000,
  );
  measured(
    `deployed storm: ${AT_ONCE} accepted in ${Math.round(accepted - started)} ms, told ${Math.round(performance.now() - accepted)} ms later`,
  );
  expect(new Set(ids).size).toBe(AT_ONCE);
  expect([...told].sort()).toEqual([...ids].sort());
  found('Storm', `${AT_ONCE} at once on the deployed stack (local engine)`, {
    accepted: AT_ONCE,
    told: AT_ONCE,
    'told twice': 0,
  });
});

/** Messages that wait in a channel's queue for Sev2 and Sev3. */
async function waitingFor(provider: Provider): Promise<number> {
  const QueueUrl = `${orchestrator.stack.engineEndpoint}/${orchestrator.stack.account}/incident-orchestrator-${provider}-standard`;
  const { Attributes } = await call<{ Attributes: Record<string, string> }>('AmazonSQS.GetQueueAttributes', {
    QueueUrl,
    AttributeNames: ['All'],
  });
  return Number(Attributes['ApproximateNumberOfMessages']);
}

test(
  `one Sev1 behind ${BACKLOG} Sev3: its messages leave first, on each channel`,
  { timeout: 240_000 },
  async () => {
    for (const provider of PROVIDERS) await orchestrator.sim('PUT', `${provider}/fault`, { delay_ms: 600 });
    await inLanes(
      Array.from({ length: BACKLOG }, (_, index) => index),
      SENDERS,
      async (index) => {
        await post(index, 'sev3');
      },
    );
    const withPeople = PROVIDERS.filter((provider) => provider !== 'pagerduty');
    await eventually(
      'a backlog on each channel',
      async () => Promise.all(withPeople.map(waitingFor)),
      (waiting) => waiting.every((count) => count >= BACKLOG / 2),
    );
    const told = Object.fromEntries(
      await Promise.all(withPeople.map(async (provider) => [provider, (await tellings(provider)).length])),
    ) as Partial<Record<Provider, number>>;
    const id = await post(0, 'sev1');
    for (const provider of PROVIDERS) {
      const all = await eventually(
        `the Sev1 at ${provider}`,
        () => tellings(provider),
        (each) => each.includes(id),
        90_000,
      );
      const left = await waitingFor(provider);
      const before = all.indexOf(id) - (told[provider] ?? 0);
      measured(
        `priority, ${provider}: ${before} of the backlog went while the Sev1 came, ${left} still wait`,
      );
      // Work goes on while the Sev1 is on its way from the API to the channel's urgent queue.
      if (provider !== 'pagerduty') expect(before).toBeLessThan(BACKLOG / 4);
      expect(left).toBeGreaterThan(BACKLOG / 4);
      found('Priority', provider, {
        backlog: BACKLOG,
        outcome:
          provider === 'pagerduty' ? 'paged before it' : 'told before all of it but what went meanwhile',
      });
    }
  },
);
