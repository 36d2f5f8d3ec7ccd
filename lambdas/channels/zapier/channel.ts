import type { DeliveryName } from '../../domain/channel.ts';
import { DeliveryError } from '../../domain/delivery.ts';
import type { Channel } from '../../domain/ports.ts';
import { type HttpOptions, send } from '../http.ts';
import { property } from '../json.ts';
import { urlSecrets } from '../redact.ts';
import { type ZapierDelivery, zapPayload } from './payload.ts';

export interface ZapierChannelOptions extends HttpOptions {
  /** Catch Hook of the Zap that makes Jira tickets. Whoever has it can trigger the Zap: a credential. */
  readonly jiraHookUrl: string;
  /** Catch Hook of the Zap that books finance adjustments; a credential. */
  readonly financeHookUrl: string;
}

/**
 * Incidents for Zaps. A 200 says that Zapier took the payload, not that the Zap ran: what it made comes back through
 * `/zapier/callbacks`. A later change of the incident is not sent, for a hook's every call is a new run of the Zap.
 */
export function createZapierChannel(options: ZapierChannelOptions): Channel {
  const hooks: Record<ZapierDelivery, string> = {
    'zapier-jira': options.jiraHookUrl,
    'zapier-finance': options.financeHookUrl,
  };
  const secrets = Object.values(hooks).flatMap(urlSecrets);
  return {
    name: 'zapier',
    async notify({ incident, delivery }) {
      if (!isZap(delivery)) throw new DeliveryError('permanent', `zapier: ${delivery} is not for Zapier`);
      const { json } = await send(
        {
          what: `zapier ${delivery}`,
          method: 'POST',
          url: hooks[delivery],
          json: zapPayload(incident, delivery),
          secrets,
        },
        options,
      );
      const run = property(json, 'id');
      return typeof run === 'string' ? { request_id: run } : {};
    },
  };
}

const isZap = (delivery: DeliveryName): delivery is ZapierDelivery =>
  delivery === 'zapier-jira' || delivery === 'zapier-finance';
