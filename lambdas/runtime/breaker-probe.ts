import type { Probe } from '../domain/breaker.ts';
import type { Channel } from '../domain/ports.ts';
import { saysDown } from './breaker.ts';
import { deliver } from './deliver.ts';
import type { DeliveryDependencies } from './delivery-dependencies.ts';

/** A probe is never the attempt with which a delivery is given up. */
const NEVER_GIVEN_UP = 1_000_000;

/**
 * Tries the provider with a delivery that waits. It is made by the table and not taken from the queue: no message is
 * received for it, however often it fails; the delivery's own message finds it made, or makes it.
 *
 * @param version the breaker's, which names the attempt
 * @returns whether the provider answered
 */
export async function providerAnswers(
  { correlation_id, delivery }: Probe,
  version: number,
  deps: DeliveryDependencies,
): Promise<boolean> {
  // Kept for 90 days, an outage cannot outlast it; without it the next delivery is the probe.
  if ((await deps.incidents.get(correlation_id)) === undefined) return true;
  const calls: ('answered' | 'failed')[] = [];
  const outcome = await deliver(
    { kind: 'notify', correlation_id, delivery },
    { messageId: `probe-${version}`, receiveCount: 1 },
    {
      ...deps,
      retry: { ...deps.retry, tries: NEVER_GIVEN_UP },
      channel: async () => observed(await deps.channel(), (call) => calls.push(call)),
    },
  );
  if (outcome.done || calls.includes('answered')) return true;
  if (calls.includes('failed'))
    await deps.deliveries.uncount({ correlationId: correlation_id, name: delivery });
  return false;
}

function observed(channel: Channel, tell: (call: 'answered' | 'failed') => void): Channel {
  const notify: Channel['notify'] = async (context) => {
    try {
      return await channel.notify(context);
    } catch (error) {
      tell(saysDown(error) ? 'failed' : 'answered');
      throw error;
    }
  };
  return { ...channel, notify };
}
