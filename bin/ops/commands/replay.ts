import { CHANNELS } from '../../../lambdas/domain/channel.ts';
import { pauseStore } from '../channels/pause-store.ts';
import type { Command, Report } from '../cli/command.ts';
import { choice } from '../cli/input.ts';
import { count, table } from '../cli/text.ts';
import { checked } from '../incidents/correlation-id.ts';
import { drained } from '../queues/drained.ts';
import { depthOf, readQueues } from '../queues/inventory.ts';
import { peek } from '../queues/peek.ts';
import { explained } from '../queues/reasons.ts';
import { replayQueue } from '../queues/replay-queue.ts';

/** Retries of the slowest channel included, a person has better things to do than to wait longer. */
const WAIT_MS = 60_000;

/** `replay`: dead letters go back to their queue. */
export const replay: Command = {
  usage: `<${CHANNELS.join('|')}>`,
  positionals: { min: 1, max: 1 },
  options: {
    'correlation-id': {
      type: 'string',
      multiple: true,
      value: 'id',
      help: 'Only the dead letters of this incident; may be given several times',
    },
    'dry-run': { type: 'boolean', help: 'Only say what would be sent again' },
    wait: { type: 'boolean', help: 'Wait until the queues are empty, a minute at most' },
  },
  help: `Moves a channel's dead letters back to the queues they came from, the urgent ones first. Each is then delivered once,
with the incident as it is now; a page for an incident that somebody has meanwhile is not sent.
SQS moves them itself where it can (StartMessageMoveTask); else, and with --correlation-id, they are sent one by one.
Mend what made them fail first: npm run ops -- dlq names the reasons.`,
  run: async (input, ops) => {
    const channel = choice('The channel', input.positionals[0] ?? '', CHANNELS);
    const ids = new Set(input.list('correlation-id').map(checked));
    const wanted = (id: string | undefined) => ids.size === 0 || (id !== undefined && ids.has(id));
    const queues = (await readQueues(ops)).filter(({ owner }) => owner === channel);
    const dead = queues.filter((queue) => queue.kind === 'dead-letters' && depthOf(queue) > 0);
    if (input.flag('dry-run')) {
      const letters = await Promise.all(dead.map(async (queue) => explained(ops, await peek(ops, queue))));
      return plan(letters.flat().filter(({ correlation_id }) => wanted(correlation_id)));
    }
    const moves = [];
    for (const queue of dead) {
      const to = queues.find(({ kind, urgency }) => kind === 'queue' && urgency === queue.urgency)?.url ?? '';
      moves.push(await replayQueue(ops, queue, to, ids.size === 0 ? undefined : (id) => wanted(id)));
    }
    const moved = moves.reduce((sum, each) => sum + each.moved, 0);
    const text = [
      moved === 0
        ? `Nothing to replay for ${channel}.`
        : `${count(moved, 'message')} sent again to ${channel}.`,
    ];
    const pause = await (await pauseStore(ops)).get(channel);
    if (pause !== undefined) {
      text.push(`${channel} is paused (by ${pause.by}): they wait. → npm run ops -- resume ${channel}`);
    }
    if (!input.flag('wait') || moved === 0) {
      return {
        ok: true,
        data: { channel, moved, queues: moves, paused: pause !== undefined },
        text: `${text.join('\n')}\n`,
      };
    }
    const after = await drained(ops, channel, WAIT_MS);
    const waiting = sum(after.filter(({ kind }) => kind === 'queue').map(depthOf));
    const again = sum(after.filter(({ kind }) => kind === 'dead-letters').map(depthOf));
    text.push(
      waiting + again === 0
        ? 'The queues and their dead-letter queues are empty.'
        : `${waiting} still wait, ${again} are dead letters. → npm run ops -- dlq`,
    );
    const data = { channel, moved, queues: moves, paused: pause !== undefined, waiting, dead_letters: again };
    return { ok: waiting + again === 0, data, text: `${text.join('\n')}\n` };
  },
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

function plan(letters: Awaited<ReturnType<typeof explained>>): Report {
  const rows = letters.map((each) => [
    each.correlation_id ?? '–',
    each.delivery === undefined ? '–' : `${each.kind ?? ''} ${each.delivery}`,
    each.incident_status ?? '–',
    each.reason,
  ]);
  const text = `${count(letters.length, 'message')} would be sent again (dry run: nothing was moved).`;
  return {
    ok: true,
    data: { dry_run: true, would_move: letters.length, letters },
    text:
      letters.length === 0
        ? `${text}\n`
        : `${text}\n\n${table(['CORRELATION ID', 'DELIVERY', 'INCIDENT', 'REASON'], rows)}\n`,
  };
}
