import { type HttpAnswer, type HttpOptions, exchange, failure } from '../http.ts';
import type { Channel } from '../../domain/ports.ts';
import { outcomeOf } from '../outcome.ts';
import { property } from '../json.ts';
import { changeEvent, type PagerDutyEvent, triggerEvent } from './event.ts';

export interface PagerDutyChannelOptions extends HttpOptions {
  /** Integration key of an Events API v2 integration: 32 characters. */
  readonly routingKey: string;
  /** `https://events.pagerduty.com`, or `https://events.eu.pagerduty.com` in the EU service region. */
  readonly baseUrl: string;
}

/**
 * The page. The status alone decides (202 taken, 400 never to be repeated, 429 and 5xx later): what the page is
 * called is known beforehand, as `dedup_key`, so a repeat makes no second one.
 */
export function createPagerDutyChannel(options: PagerDutyChannelOptions): Channel {
  const { routingKey, baseUrl } = options;
  const enqueue = async (event: PagerDutyEvent): Promise<void> => {
    const call = {
      what: `pagerduty ${event.event_action}`,
      method: 'POST',
      url: `${baseUrl.replace(/\/$/, '')}/v2/enqueue`,
      json: event,
      secrets: [routingKey],
    } as const;
    const answer = await exchange(call, options);
    if (outcomeOf(answer.status) !== 'success') throw failure(call, answer, { text: errorText(answer) });
  };
  return {
    name: 'pagerduty',
    async notify({ incident }) {
      await enqueue(triggerEvent(incident, routingKey));
      return { dedup_key: incident.correlation_id };
    },
    /** Acknowledges or resolves the page. Only of use after one went out, which having a reference says. */
    async update({ incident }) {
      const event = changeEvent(incident, routingKey);
      if (event !== undefined) await enqueue(event);
    },
  };
}

/** `{"status": "invalid event", "message": …, "errors": […]}`. */
function errorText({ json }: HttpAnswer): string | undefined {
  const message = property(json, 'message');
  if (typeof message !== 'string') return undefined;
  const errors: unknown = property(json, 'errors');
  const list = Array.isArray(errors) ? errors.filter((each) => typeof each === 'string') : [];
  return [message, ...list].join('; ').slice(0, 300);
}
