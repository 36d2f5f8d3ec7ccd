import { randomUUID } from 'node:crypto';
import { HEARTBEAT_SENDER } from '../domain/heartbeat.ts';
import { parse, z } from '../domain/schema.ts';

/** The API's own timeout is 10 s; whoever waits longer waits in vain. */
const TIMEOUT_MS = 11_000;

const AcceptedSchema = z.object({ correlation_id: z.uuid() });

/** The deployed API, as any sender sees it. */
export class HeartbeatApi {
  readonly #baseUrl: string;
  readonly #token: () => Promise<string>;

  constructor(baseUrl: string, token: () => Promise<string>) {
    this.#baseUrl = baseUrl.replace(/\/+$/, '');
    this.#token = token;
  }

  /** @returns the correlation id */
  async raise(): Promise<string> {
    const id = `${HEARTBEAT_SENDER}-${randomUUID()}`;
    const answer = await this.#post('/events/incidents', 202, {
      ...{ event_id: id, incident_id: id, severity: 'sev3' },
      ...{ summary: 'Heartbeat: concerns nobody', source: { kind: 'telemetry', name: HEARTBEAT_SENDER } },
    });
    const accepted = parse(AcceptedSchema, answer);
    if (!accepted.ok) throw new Error('The API answered without a correlation id');
    return accepted.value.correlation_id;
  }

  async acknowledge(correlationId: string): Promise<void> {
    await this.#post(`/incidents/${correlationId}/ack`, 200, {});
  }

  async #post(path: string, expected: number, body: object): Promise<unknown> {
    const response = await fetch(this.#baseUrl + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${await this.#token()}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.status !== expected)
      throw new Error(`POST ${path}: ${response.status} ${text.slice(0, 500)}`);
    return JSON.parse(text) as unknown;
  }
}

/** @throws Error saying how to make the token, where there is none */
export function heartbeatToken(senders: Readonly<Record<string, string | readonly string[]>>): string {
  const tokens = [senders[HEARTBEAT_SENDER] ?? []].flat();
  const token = tokens[0];
  if (token !== undefined) return token;
  throw new Error(
    `No sender is called "${HEARTBEAT_SENDER}". Add one with a token of its own: npm run ops -- configure`,
  );
}
