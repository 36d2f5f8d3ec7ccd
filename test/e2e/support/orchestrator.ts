import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { startLocalStack, type LocalStack, type LocalStackOptions } from '../../../bin/local/stack.ts';

/** A request as a simulated provider received it. */
export interface ProviderRequest {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Record<string, unknown>;
  readonly status: number;
}

/** The part of `GET /incidents/{correlation_id}` that tests look at. */
export interface IncidentAnswer {
  readonly status: string;
  readonly acknowledged?: {
    readonly by: { readonly provider: string; readonly name: string };
    readonly after_ms: number;
  };
  readonly deliveries: readonly { readonly name: string; readonly status: string; readonly calls: number }[];
  readonly timeline: readonly { readonly step: string; readonly status: string; readonly at: string }[];
}

type Provider = 'slack' | 'discord' | 'zapier' | 'pagerduty';

/** An HTTP answer, its body parsed when it is JSON. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Asks until the answer is right, and says what the last one was when it never is. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T>,
  right: (answer: T) => boolean,
  withinMs = 40_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (right(answer)) return answer;
    if (Date.now() > deadline)
      throw new Error(`Never happened: ${what}. Last seen: ${JSON.stringify(answer).slice(0, 2_000)}`);
    await pause(100);
  }
}

/** The deployed orchestrator on the local engine, used over HTTP as its senders and people use it. */
export class Orchestrator {
  readonly stack: LocalStack;

  constructor(stack: LocalStack) {
    this.stack = stack;
  }

  static async start(options: LocalStackOptions = {}): Promise<Orchestrator> {
    return new Orchestrator(await startLocalStack({ quiet: true, ...options }));
  }

  async send(
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.stack.url}${path}`, { method, headers, body: body ?? null });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const parsed: unknown = type.includes('json') && text !== '' ? JSON.parse(text) : { text };
    return { status: response.status, type, body: parsed as Answer['body'] };
  }

  /** With the sender's token, as JSON. */
  async api(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.send(method, path, body === undefined ? undefined : JSON.stringify(body), {
      authorization: `Bearer ${this.stack.apiToken}`,
      'content-type': 'application/json',
    });
  }

  /** Posts a Sev1 event with ids of its own, and returns its correlation id. */
  async raise(over: Record<string, unknown> = {}): Promise<string> {
    const id = randomUUID();
    const event = { event_id: id, incident_id: id, severity: 'sev1', summary: 'Checkout is down', ...over };
    const answer = await this.api('POST', '/events/incidents', event);
    if (answer.status !== 202) throw new Error(`Not accepted: ${JSON.stringify(answer)}`);
    return String(answer.body['correlation_id']);
  }

  async incident(correlationId: string): Promise<IncidentAnswer> {
    return (await this.api('GET', `/incidents/${correlationId}`)).body as unknown as IncidentAnswer;
  }

  /** Waits until the incident is as it should be. */
  async until(
    correlationId: string,
    what: string,
    right: (incident: IncidentAnswer) => boolean,
  ): Promise<IncidentAnswer> {
    return eventually(what, () => this.incident(correlationId), right);
  }

  async untilDelivered(correlationId: string, ...names: string[]): Promise<IncidentAnswer> {
    const delivered = (incident: IncidentAnswer) =>
      names.every((name) =>
        incident.deliveries.some((each) => each.name === name && each.status === 'delivered'),
      );
    return this.until(correlationId, `delivered to ${names.join(', ')}`, delivered);
  }

  /** What a provider received that carries the correlation id. */
  async received(provider: Provider, correlationId: string): Promise<ProviderRequest[]> {
    const response = await fetch(`${this.stack.url}/sim/${provider}/requests`);
    const all = (await response.json()) as ProviderRequest[];
    return all.filter(({ body }) => JSON.stringify(body).includes(correlationId));
  }

  async click(provider: 'slack' | 'discord', correlationId: string, user: string): Promise<Answer> {
    return this.sim('POST', `${provider}/click`, { correlation_id: correlationId, user });
  }

  async sim(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.send(method, `/sim/${path}`, body === undefined ? undefined : JSON.stringify(body), {
      'content-type': 'application/json',
    });
  }
}

/** The body as one text, in which to look for what a person would read. */
export const textOf = ({ body }: ProviderRequest): string =>
  typeof body === 'string' ? body : JSON.stringify(body);
