import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, Orchestrator, type ProviderRequest } from '../e2e/support/orchestrator.ts';
import { found, measured } from './support/findings.ts';

/** On the deployed stack, with the real event source mappings. */
let orchestrator: Orchestrator;
beforeAll(async () => {
  const everywhere = { channels: ['slack', 'discord', 'zapier'] };
  orchestrator = await Orchestrator.start({
    overrides: { severities: { sev2: { channels: ['slack'] }, sev3: everywhere } },
  });
}, 240_000);
afterAll(() => orchestrator.stack.stop());

const HUMAN = ['slack', 'discord'] as const;
const CHANNELS = [...HUMAN, 'zapier'] as const;

/** Runs the tasks, so many at a time. */
async function inParallel<T>(tasks: readonly (() => Promise<T>)[], atOnce: number): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < tasks.length; index = next++)
      results[index] = await (tasks[index] as () => Promise<T>)();
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return results;
}

/** First tellings (not edits, not threads) that the provider took, in order of arrival. */
async function tellings(channel: (typeof CHANNELS)[number]): Promise<ProviderRequest[]> {
  const response = await fetch(`${orchestrator.stack.url}/sim/${channel}/requests`);
  const all = (await response.json()) as ProviderRequest[];
  const first = { slack: /chat\.postMessage$/, discord: /channels\/\d+\/messages$/, zapier: /\/jira\/$/ }[
    channel
  ];
  return all.filter(({ method, path, status }) => method === 'POST' && first.test(path) && status === 200);
}

const clear = () => Promise.all(CHANNELS.map((channel) => orchestrator.sim('DELETE', `${channel}/requests`)));

it('a Sev1 overtakes a backlog of 300 Sev3 on every channel', { timeout: 180_000 }, async () => {
  await clear();
  // Slow providers: the backlog is still there when the Sev1 comes.
  for (const channel of CHANNELS) await orchestrator.sim('PUT', `${channel}/fault`, { delay_ms: 400 });
  const backlog = Array.from(
    { length: 300 },
    () => () => orchestrator.raise({ severity: 'sev3', summary: 'Backlog' }),
  );
  await inParallel(backlog, 20);
  const before = Object.fromEntries(
    await Promise.all(CHANNELS.map(async (channel) => [channel, (await tellings(channel)).length] as const)),
  );
  const sev1 = await orchestrator.raise({ summary: 'The one that matters' });
  const placeOf = async (channel: (typeof CHANNELS)[number]) =>
    (await tellings(channel)).findIndex(({ body }) => JSON.stringify(body).includes(sev1));
  await eventually(
    'the Sev1 is told everywhere',
    () => Promise.all(CHANNELS.map(placeOf)),
    (all) => all.every((at) => at >= 0),
  );
  for (const channel of CHANNELS) await orchestrator.sim('DELETE', `${channel}/fault`);
  for (const channel of CHANNELS) {
    const told = await eventually(
      `all 301 are told by ${channel}`,
      () => tellings(channel),
      (all) => all.length === 301,
    );
    const place = told.findIndex(({ body }) => JSON.stringify(body).includes(sev1));
    const behind = told.length - 1 - place;
    measured(
      `priority on ${channel}: ${before[channel] ?? 0} told before it was posted, ${behind} of 300 told after it`,
    );
    // Had it queued behind them, none would come after it.
    expect(behind).toBeGreaterThan(150);
  }
  await orchestrator.click('slack', sev1, 'ada');
  found('Priority', 'a Sev1 behind 300 Sev3', {
    channels: CHANNELS.length,
    overtaken: 'most of the backlog',
  });
});

/** Posts as a sender does: what was not taken (503: the machine is busy) is sent again. */
async function postUntilTaken(id: string): Promise<string> {
  const event = { event_id: id, incident_id: id, severity: 'sev2', summary: 'Storm' };
  const post = () => orchestrator.api('POST', '/events/incidents', event);
  const taken = await eventually(`${id} is taken`, post, ({ status }) => status < 300);
  return String(taken.body['correlation_id']);
}

it('1,000 incidents at once: none lost, none twice', { timeout: 240_000 }, async () => {
  await clear();
  const events = Array.from({ length: 1_000 }, () => randomUUID());
  // Every tenth is sent twice, as an impatient sender would.
  const sent = [...events, ...events.filter((_, index) => index % 10 === 0)];
  const answers = await inParallel(
    sent.map((id) => () => postUntilTaken(id)),
    25,
  );
  const ids = new Set(answers);
  expect(ids.size).toBe(1_000);
  const told = await eventually(
    'Slack told all',
    () => tellings('slack'),
    (all) => all.length >= 1_000,
    150_000,
  );
  const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/;
  const idsTold = told.map(({ body }) => uuid.exec(JSON.stringify(body))?.[0]);
  expect(told).toHaveLength(1_000);
  expect(new Set(idsTold)).toEqual(ids);
  found('Storm', '1,000 incidents at once on the local engine', { accepted: 1_000, lost: 0, twice: 0 });
});
