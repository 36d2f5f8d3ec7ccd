import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { type Answer, isRecord, parseJson } from '../http.ts';
import {
  type ApiAnswer,
  type CallApi,
  NotThere,
  type Person,
  type ProviderRequest,
  type Simulator,
} from './simulator.ts';

/** An incident at PagerDuty. */
export interface Page {
  readonly id: string;
  readonly number: number;
  readonly dedup_key: string;
  readonly created_at: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  readonly payload: Readonly<Record<string, unknown>>;
  readonly links: unknown;
  readonly log: { readonly at: string; readonly action: string; readonly by: string }[];
}

const ACTIONS = ['trigger', 'acknowledge', 'resolve'] as const;
const SEVERITIES = ['critical', 'error', 'warning', 'info'];
const STATUS = { trigger: 'triggered', acknowledge: 'acknowledged', resolve: 'resolved' } as const;
// Documented limits of Events API v2.
const MAX_BYTES = 512 * 1024;
const ROUTING_KEY = 32;
const DEDUP_KEY = 255;
const SUMMARY = 1_024;

export interface PagerDutyOptions {
  readonly routingKey: string;
  readonly webhookSecret: string;
  readonly callApi: CallApi;
}

/** PagerDuty's Events API v2 and the v3 webhooks about what people do with a page. */
export class PagerDutySimulator implements Simulator {
  readonly name = 'pagerduty';
  readonly pages: Page[] = [];
  readonly #options: PagerDutyOptions;

  constructor(options: PagerDutyOptions) {
    this.#options = options;
  }

  handle(request: ProviderRequest): Answer {
    if (request.path !== '/v2/enqueue')
      return { status: 404, body: { error: { message: 'Not Found', code: 2100 } } };
    if (request.method !== 'POST') return { status: 405, body: '' };
    if (request.body.length > MAX_BYTES)
      return { status: 413, body: invalid(['Event is larger than 512 KB']) };
    const event = parseJson(request.body.toString('utf8'));
    if (!isRecord(event)) return { status: 400, body: invalid(['Invalid JSON']) };
    const errors = this.#errors(event);
    if (errors.length > 0) return { status: 400, body: invalid(errors) };
    const key =
      typeof event['dedup_key'] === 'string' ? event['dedup_key'] : randomUUID().replaceAll('-', '');
    this.#process(event, key);
    return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: key } };
  }

  failure(status: number): Answer {
    if (status === 429)
      return {
        status,
        body: { status: 'throttle exceeded', message: 'Requests for this service are arriving too quickly.' },
      };
    return { status, body: { status: 'error', message: status < 500 ? 'Refused' : 'Internal Server Error' } };
  }

  view(): unknown {
    return { pages: this.pages };
  }

  /**
   * A person acknowledges or resolves the page in PagerDuty, which tells the API by a signed webhook.
   *
   * @throws NotThere when there is no open page of the incident
   */
  async act(correlationId: string, person: Person, action: 'acknowledge' | 'resolve'): Promise<ApiAnswer> {
    const page = this.#open(correlationId);
    if (page === undefined) throw new NotThere(`PagerDuty has no open page of ${correlationId}`);
    this.#log(page, action, person.name);
    const occurredAt = new Date().toISOString();
    const reference = {
      id: person.id,
      type: 'user_reference',
      summary: person.name,
      self: null,
      html_url: null,
    };
    const body = JSON.stringify({
      event: {
        id: `01${randomBytes(12).toString('hex').toUpperCase()}`,
        event_type: `incident.${STATUS[action]}`,
        resource_type: 'incident',
        occurred_at: occurredAt,
        agent: reference,
        client: null,
        data: {
          id: page.id,
          type: 'incident',
          self: `https://api.pagerduty.com/incidents/${page.id}`,
          html_url: `https://local.pagerduty.com/incidents/${page.id}`,
          number: page.number,
          status: page.status,
          incident_key: page.dedup_key,
          created_at: page.created_at,
          title: page.payload['summary'],
          service: { id: 'PLOCAL1', type: 'service_reference', summary: 'Incident orchestrator' },
          assignees: [reference],
          urgency: 'high',
          teams: [],
          priority: null,
        },
      },
    });
    const signature = createHmac('sha256', this.#options.webhookSecret).update(body).digest('hex');
    return this.#options.callApi(
      '/pagerduty/webhooks',
      {
        'content-type': 'application/json',
        'user-agent': 'PagerDuty-Webhook/V3.0',
        'x-webhook-id': randomUUID(),
        'x-webhook-subscription': 'PLOCALHOOK',
        'x-pagerduty-signature': `v1=${signature}`,
      },
      body,
    );
  }

  #errors(event: Readonly<Record<string, unknown>>): string[] {
    const errors: string[] = [];
    const { routing_key: routingKey, event_action: action, dedup_key: key } = event;
    if (typeof routingKey !== 'string' || routingKey === '') errors.push("'routing_key' is missing or blank");
    else if (routingKey.length !== ROUTING_KEY)
      errors.push("Length of 'routing_key' is incorrect (should be 32 characters)");
    else if (routingKey !== this.#options.routingKey) errors.push('Invalid routing key');
    if (!ACTIONS.some((each) => each === action))
      errors.push("'event_action' is not trigger, acknowledge or resolve");
    if (key !== undefined && (typeof key !== 'string' || key.length > DEDUP_KEY))
      errors.push("'dedup_key' is longer than 255 characters");
    if (action !== 'trigger') {
      if (key === undefined) errors.push("'dedup_key' is missing or blank");
      return errors;
    }
    const payload = isRecord(event['payload']) ? event['payload'] : undefined;
    if (payload === undefined) return [...errors, "'payload' is missing or blank"];
    for (const field of ['summary', 'source'] as const) {
      if (typeof payload[field] !== 'string' || payload[field] === '')
        errors.push(`'payload.${field}' is missing or blank`);
    }
    if (typeof payload['summary'] === 'string' && payload['summary'].length > SUMMARY) {
      errors.push("'payload.summary' is longer than 1024 characters");
    }
    if (!SEVERITIES.some((each) => each === payload['severity']))
      errors.push(
        "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
      );
    return errors;
  }

  /** A trigger opens an incident unless one of its key is open; the rest is about the open one, if there is. */
  #process(event: Readonly<Record<string, unknown>>, key: string): void {
    const action = ACTIONS.find((each) => each === event['event_action']) ?? 'trigger';
    const open = this.#open(key);
    if (open !== undefined) this.#log(open, action, 'Events API');
    else if (action === 'trigger') {
      const page: Page = {
        id: `Q${randomBytes(6).toString('hex').toUpperCase()}`,
        number: this.pages.length + 1,
        dedup_key: key,
        created_at: new Date().toISOString(),
        status: 'triggered',
        payload: isRecord(event['payload']) ? event['payload'] : {},
        links: event['links'] ?? [],
        log: [],
      };
      this.pages.push(page);
      this.#log(page, 'trigger', 'Events API');
    }
  }

  #open(key: string): Page | undefined {
    return this.pages.find((page) => page.dedup_key === key && page.status !== 'resolved');
  }

  #log(page: Page, action: (typeof ACTIONS)[number], by: string): void {
    // A further trigger is one more alert of the same incident: an acknowledged one stays acknowledged.
    if (action !== 'trigger') page.status = STATUS[action];
    page.log.push({ at: new Date().toISOString(), action, by });
  }
}

const invalid = (errors: readonly string[]) => ({
  status: 'invalid event',
  message: 'Event object is invalid',
  errors,
});
