import type { Pause } from '../../../lambdas/aws/pause-store.ts';
import type { Breaker } from '../../../lambdas/domain/breaker.ts';
import { type ChannelName, CHANNELS } from '../../../lambdas/domain/channel.ts';
import { breakerOf } from '../channels/breakers.ts';
import { type Mapping, mappingsOf } from '../channels/mappings.ts';
import { pauseStore } from '../channels/pause-store.ts';
import type { Command } from '../cli/command.ts';
import { instant, table } from '../cli/text.ts';
import { depthOf, readQueues } from '../queues/inventory.ts';

interface ChannelState {
  readonly channel: ChannelName;
  readonly mappings: readonly Mapping[];
  readonly waiting: number;
  readonly breaker: Breaker | undefined;
  readonly pause: Pause | undefined;
}

/** `breaker`: which channels run, and what holds up the others. */
export const breaker: Command = {
  usage: '',
  positionals: { min: 0, max: 0 },
  options: {},
  help: `Each channel: whether its queues are read, how many messages wait, its circuit breaker (Zapier has one), and who paused
it. Exit code 1 when a breaker is not closed or a channel is paused.`,
  run: async (_input, ops) => {
    const [pauses, queues] = await Promise.all([pauseStore(ops), readQueues(ops)]);
    const channels = await Promise.all(
      CHANNELS.map(async (channel): Promise<ChannelState> => ({
        channel,
        mappings: await mappingsOf(ops, `${channel}-worker`),
        waiting: queues
          .filter(({ owner, kind }) => owner === channel && kind === 'queue')
          .reduce((sum, queue) => sum + depthOf(queue), 0),
        breaker: await breakerOf(ops, channel),
        pause: await pauses.get(channel),
      })),
    );
    const held = channels.filter(isHeld);
    const header = ['CHANNEL', 'QUEUES ARE READ', 'WAITING', 'BREAKER', 'PAUSED'];
    const lines = [table(header, channels.map(row)), ...held.flatMap((each) => ['', ...why(each)])];
    return { ok: held.length === 0, data: { channels }, text: `${lines.join('\n')}\n` };
  },
};

const isHeld = ({ breaker: state, pause }: ChannelState): boolean =>
  pause !== undefined || (state !== undefined && state.status !== 'closed');

const row = ({ channel, mappings, waiting, breaker: state, pause }: ChannelState): string[] => [
  channel,
  mappingState(mappings),
  String(waiting),
  state?.status ?? 'none',
  pause === undefined ? 'no' : `by ${pause.by}`,
];

function mappingState(mappings: readonly Mapping[]): string {
  const states = new Set(mappings.map(({ state }) => state));
  if (states.size === 1 && states.has('Enabled')) return 'yes';
  if (states.size === 1 && states.has('Disabled')) return 'no';
  return mappings
    .map(({ source, state }) => `${source.slice(source.lastIndexOf('-') + 1)} ${state}`)
    .join(', ');
}

function why({ channel, breaker: state, pause }: ChannelState): string[] {
  if (pause !== undefined) {
    const { at, by, reason } = pause;
    return [
      `${channel}: paused since ${instant(at)} by ${by}: ${reason}`,
      `  → npm run ops -- resume ${channel}`,
    ];
  }
  const { status = 'open', until, outage } = state ?? {};
  const since =
    outage === undefined ? '' : ` since ${instant(outage.opened_at)}; the last failure: ${outage.why}`;
  const next = until === undefined ? '' : `, next at ${instant(until)}`;
  return [
    `${channel}: ${status}${since}`,
    `  It is tried again by itself${next}. → docs/runbooks/automation.md#zapier-outage`,
  ];
}
