import type { Pause } from '../../../lambdas/aws/pause-store.ts';
import { type ChannelName, CHANNELS } from '../../../lambdas/domain/channel.ts';
import { breakerOf } from '../channels/breakers.ts';
import { mappingsOf } from '../channels/mappings.ts';
import { pauseStore } from '../channels/pause-store.ts';
import { instant } from '../cli/text.ts';
import type { CommandContext } from '../command-context.ts';
import { RELAYS } from '../queues/inventory.ts';
import { type Finding, inArea } from './finding.ts';

const { ok, wrong } = inArea('channels');

/** Whether every queue and stream is read: nobody paused it, no breaker is open, no mapping is disabled. */
export async function checkChannels(ops: CommandContext): Promise<Finding[]> {
  const findings = await Promise.all([
    ...CHANNELS.map((channel) => checkChannel(ops, channel)),
    ...RELAYS.map((relay) => checkRelay(ops, relay)),
  ]);
  const all = findings.flat();
  return all.length > 0 ? all : [ok(`${CHANNELS.join(', ')} and both stream relays are running`)];
}

async function checkChannel(ops: CommandContext, channel: ChannelName): Promise<Finding[]> {
  const resume = `npm run ops -- resume ${channel}`;
  const [pause, breaker, mappings] = await Promise.all([
    pauseStore(ops).then((store) => store.get(channel)),
    breakerOf(ops, channel),
    mappingsOf(ops, `${channel}-worker`),
  ]);
  if (pause !== undefined) return [wrong(pausedText(channel, pause), resume)];
  if (breaker !== undefined && breaker.status !== 'closed') {
    const why =
      breaker.outage === undefined
        ? ''
        : `, since ${instant(breaker.outage.opened_at)}: ${breaker.outage.why}`;
    const found = `${channel}: its breaker is ${breaker.status}${why}`;
    return [wrong(found, `npm run ops -- breaker (docs/runbooks/automation.md#breaker-open)`)];
  }
  if (mappings.length < 2) {
    return [
      wrong(
        `${channel}: ${mappings.length} of 2 queues are connected to its worker`,
        ops.target.deployCommand,
      ),
    ];
  }
  return mappings
    .filter(({ state }) => state !== 'Enabled')
    .map(({ source, state }) =>
      wrong(`${channel}: the mapping of ${source} is ${state}, and nobody paused it`, resume),
    );
}

const pausedText = (channel: ChannelName, { at, by, reason }: Pause): string =>
  `${channel} is paused since ${instant(at)} by ${by}: ${reason}`;

async function checkRelay(ops: CommandContext, relay: string): Promise<Finding[]> {
  const mappings = await mappingsOf(ops, relay);
  if (mappings.length === 0)
    return [wrong(`${relay}: it is not connected to the table's stream`, ops.target.deployCommand)];
  return mappings
    .filter(({ state }) => state !== 'Enabled')
    .map(({ id, state }) =>
      wrong(
        `${relay}: its stream mapping is ${state}`,
        `aws lambda update-event-source-mapping --uuid ${id} --enabled`,
      ),
    );
}
