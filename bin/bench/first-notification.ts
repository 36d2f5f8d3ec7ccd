import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { RecordedRequest } from '../local/simulators/recorder.ts';
import type { LocalStack } from '../local/stack.ts';
import { waitFor } from '../local/wait.ts';
import { apiUrl } from './deploy-prototype.ts';
import { incidentEvent } from './events.ts';
import { alternate, type Pair } from './statistics.ts';

/** Slack takes about one message a second for a channel, and so does its simulator. */
const PAUSE_MS = 1_200;

/** Milliseconds from the POST to the call of Slack's API, of the prototype and of ours, in turn. */
export function firstNotifications(
  stack: LocalStack,
  prototype: string,
  severity: 'sev1' | 'sev3',
  repetitions: number,
): Promise<Pair[]> {
  const ours = apiUrl(stack.engineEndpoint, stack.outputs.ApiId, '/events/incidents');
  return alternate(
    repetitions,
    () => notificationMs(stack, prototype, severity),
    () => notificationMs(stack, ours, severity),
  );
}

async function notificationMs(stack: LocalStack, url: string, severity: string): Promise<number> {
  await delay(PAUSE_MS);
  const id = randomUUID();
  const sent = Date.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stack.apiToken}` },
    body: JSON.stringify({ ...incidentEvent(id, severity), summary: `Checkout is slow, ${id}` }),
  });
  if (response.status !== 202)
    throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  const called = await waitFor(() => slackCallAbout(stack, id), { within: 30_000, every: 25 });
  if (called === undefined) throw new Error(`Slack was not called within 30 s of ${url}`);
  return Date.parse(called.at) - sent;
}

async function slackCallAbout(stack: LocalStack, id: string): Promise<RecordedRequest | undefined> {
  const requests = (await (await fetch(`${stack.url}/sim/slack/requests`)).json()) as RecordedRequest[];
  return requests.findLast(({ body }) => JSON.stringify(body).includes(id));
}
