import { CHANNELS } from '../../../lambdas/domain/channel.ts';
import { mappingsOf, switchMappings } from '../channels/mappings.ts';
import { pauseStore } from '../channels/pause-store.ts';
import type { Command } from '../cli/command.ts';
import { choice } from '../cli/input.ts';
import { AS_OPTION, operatorOf } from '../incidents/operator.ts';

/** `pause`: a channel's messages stay in their queues. */
export const pause: Command = {
  usage: `<${CHANNELS.join('|')}>`,
  positionals: { min: 1, max: 1 },
  options: {
    reason: { type: 'string', value: 'text', help: 'Why, for the others on call' },
    ...AS_OPTION,
  },
  help: `Stops a channel's worker: the event source mappings of its queues are disabled, its messages wait (4 days at most).
The pause is recorded, so that neither the circuit breaker nor anybody else ends it unknowingly. Pausing pagerduty
means that nobody is paged; pausing slack and discord means that nobody can acknowledge there.`,
  run: async (input, ops) => {
    const channel = choice('The channel', input.positionals[0] ?? '', CHANNELS);
    const reason = input.text('reason') ?? 'No reason given';
    const by = operatorOf(input).name;
    const mappings = await mappingsOf(ops, `${channel}-worker`);
    // Recorded first: whoever switches mappings by themselves leaves them from now on.
    await (await pauseStore(ops)).pause({ channel, by, reason, at: ops.now().toISOString() });
    const now = await switchMappings(ops, mappings, false);
    return {
      ok: true,
      data: { channel, paused: true, by, reason, mappings: now },
      text: `${channel} is paused (by ${by}: ${reason}). Its messages wait, for 4 days at most.\nLet it go on: npm run ops -- resume ${channel}\n`,
    };
  },
};
