import type { Pause } from '../../../lambdas/aws/pause-store.ts';
import type { Breaker } from '../../../lambdas/domain/breaker.ts';
import { CHANNELS } from '../../../lambdas/domain/channel.ts';
import { breakerOf } from '../channels/breakers.ts';
import { type Mapping, mappingsOf } from '../channels/mappings.ts';
import { pauseStore } from '../channels/pause-store.ts';
import type { Command } from '../cli/command.ts';
import { instant, table } from '../cli/text.ts';

/** `breaker`: which channels run, and what holds up the others. */
export const breaker: Command = {
  usage: '',
  positionals: { min: 0, max: 0 },
  options: {},
  help: `Each channel: whether its queues are read, its circuit breaker (Zapier has one), and who paused it.
Exit code 1 when a breaker is not closed or a channel is paused.`,
  run: async (_input, ops) => {
    const pauses = await pauseStore(ops);
    const channels = await Promise.all(
      CHANNELS.map(async (channel) => ({
        channel,
        mappings: await mappingsOf(ops, `${channel}-worker`),
        breaker: await breakerOf(ops, channel),
        pause: await pauses.get(channel),
      })),
    );
    const rows = channels.map(({ channel, mappings, breaker: state, pause }) => [
      channel,
      mappingState(mappings),
      breakerText(state),
      pauseText(pause),
    ]);
    return {
      ok: channels.every(
        ({ breaker: state, pause }) => pause === undefined && (state?.status ?? 'closed') === 'closed',
      ),
      data: { channels },
      text: `${table(['CHANNEL', 'QUEUES ARE READ', 'BREAKER', 'PAUSED'], rows)}\n`,
    };
  },
};

function mappingState(mappings: readonly Mapping[]): string {
  const states = new Set(mappings.map(({ state }) => state));
  if (states.size === 1 && states.has('Enabled')) return 'yes';
  if (states.size === 1 && states.has('Disabled')) return 'no';
  return mappings
    .map(({ source, state }) => `${source.slice(source.lastIndexOf('-') + 1)} ${state}`)
    .join(', ');
}

function breakerText(state: Breaker | undefined): string {
  if (state === undefined) return 'none';
  const { status, until, outage } = state;
  if (status === 'closed') return 'closed';
  const since =
    outage === undefined
      ? ''
      : ` since ${instant(outage.opened_at)} (${outage.failures} of ${outage.calls} calls failed: ${outage.why})`;
  return `${status}${since}${until === undefined ? '' : `, next try ${instant(until)}`}`;
}

const pauseText = (pause: Pause | undefined): string =>
  pause === undefined ? 'no' : `since ${instant(pause.at)} by ${pause.by}: ${pause.reason}`;
