import { CHANNELS } from '../../../lambdas/domain/channel.ts';
import { breakerOf } from '../channels/breakers.ts';
import { mappingsOf, switchMappings } from '../channels/mappings.ts';
import { pauseStore } from '../channels/pause-store.ts';
import type { Command } from '../cli/command.ts';
import { choice } from '../cli/input.ts';
import { count, instant } from '../cli/text.ts';
import { depthOf, readQueues } from '../queues/inventory.ts';

/** `resume`: a paused channel goes on. */
export const resume: Command = {
  usage: `<${CHANNELS.join('|')}>`,
  positionals: { min: 1, max: 1 },
  options: {},
  help: `Ends a pause: the event source mappings are enabled again, and what waited is delivered, showing each incident as it
is now. While the channel's circuit breaker is open, only the record of the pause is removed: the breaker goes on by itself.`,
  run: async (input, ops) => {
    const channel = choice('The channel', input.positionals[0] ?? '', CHANNELS);
    const mappings = await mappingsOf(ops, `${channel}-worker`);
    const was = await (await pauseStore(ops)).resume(channel);
    const breaker = await breakerOf(ops, channel);
    const waiting = (await readQueues(ops))
      .filter(({ owner, kind }) => owner === channel && kind === 'queue')
      .reduce((sum, queue) => sum + depthOf(queue), 0);
    if (breaker !== undefined && breaker.status !== 'closed') {
      return {
        ok: true,
        data: { channel, was_paused: was, breaker: breaker.status, until: breaker.until, waiting },
        text: `The pause is over, but the breaker of ${channel} is ${breaker.status}: it tries the provider at ${instant(breaker.until ?? '')} and goes on by itself.\n`,
      };
    }
    const now = await switchMappings(ops, mappings, true);
    const before = was ? 'is running again' : 'was not paused, and is running';
    return {
      ok: true,
      data: { channel, was_paused: was, mappings: now, waiting },
      text: `${channel} ${before}. ${count(waiting, 'message')} waited.\n`,
    };
  },
};
