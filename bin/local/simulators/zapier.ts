import { randomUUID } from 'node:crypto';
import { type Answer, isRecord, parseJson } from '../http.ts';
import { type ApiAnswer, type CallApi, NotThere, type ProviderRequest, type Simulator } from './simulator.ts';

/** The Zaps that catch hooks, by what the last part of their address says. */
export const ZAPS = ['jira', 'finance'] as const;
export type ZapName = (typeof ZAPS)[number];

/** A hook that a Zap caught. */
export interface CaughtHook {
  readonly id: string;
  readonly at: string;
  readonly zap: ZapName;
  readonly payload: Readonly<Record<string, unknown>>;
  /** What the Zap made of it, once it called back. */
  made?: { readonly id: string; readonly url: string };
}

// Any number: the account part of the address means nothing here.
const ACCOUNT = '100001';
/** Path of a Zap's hook, as at Zapier's own host. */
export const hookPath = (zap: ZapName): string => `/hooks/catch/${ACCOUNT}/${zap}/`;

/** Zapier's Catch Hook trigger, and the Zap's own call back to the API. */
export class ZapierSimulator implements Simulator {
  readonly name = 'zapier';
  readonly caught: CaughtHook[] = [];

  handle(request: ProviderRequest): Answer {
    const zap = ZAPS.find((name) => hookPath(name) === request.path.replace(/\/?$/, '/'));
    if (zap === undefined) return { status: 404, body: { status: 'error', message: 'Unknown hook' } };
    if (request.method !== 'POST')
      return { status: 405, body: { status: 'error', message: 'Method not allowed' } };
    const payload = parseJson(request.body.toString('utf8'));
    if (!isRecord(payload))
      return { status: 400, body: { status: 'error', message: 'Body is not a JSON object' } };
    const id = randomUUID();
    this.caught.push({ id, at: new Date().toISOString(), zap, payload });
    return { status: 200, body: { status: 'success', id, attempt: id, request_id: id } };
  }

  failure(status: number, retryAfter = 1): Answer {
    if (status === 429)
      return {
        status,
        headers: { 'retry-after': String(retryAfter) },
        body: { status: 'error', message: 'Throttled' },
      };
    return { status, body: { status: 'error', message: 'Something went wrong' } };
  }

  view(): unknown {
    return { caught: this.caught };
  }

  /**
   * Lets a Zap finish: it made a ticket or an adjustment, and tells the API so.
   *
   * @throws NotThere when that Zap caught nothing of the incident
   */
  async finish(correlationId: string, zap: ZapName, callApi: CallApi, token: string): Promise<ApiAnswer> {
    const hook = this.caught.findLast(
      (each) => each.zap === zap && each.payload['correlation_id'] === correlationId,
    );
    if (hook === undefined) throw new NotThere(`The ${zap} Zap caught nothing of ${correlationId}`);
    const number = this.caught.indexOf(hook) + 1;
    const id = zap === 'jira' ? `OPS-${number}` : `ADJ-${number}`;
    const made = { id, url: `https://example.com/${zap}/${id}` };
    const body = JSON.stringify({ correlation_id: correlationId, kind: zap, ...made });
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'user-agent': 'Zapier',
    };
    const answer = await callApi('/zapier/callbacks', headers, body);
    if (answer.status < 300) hook.made = made;
    return answer;
  }
}
