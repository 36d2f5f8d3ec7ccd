import type { Command } from '../cli/command.ts';
import { count, duration, table } from '../cli/text.ts';
import { depthOf, type QueueState, readQueues } from '../queues/inventory.ts';
import { peek } from '../queues/peek.ts';
import { explained, type ExplainedLetter } from '../queues/reasons.ts';

interface ListedQueue extends QueueState {
  readonly depth: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly letters: readonly ExplainedLetter[];
}

/** `dlq`: what lies in the queues, and why. */
export const dlq: Command = {
  usage: '',
  positionals: { min: 0, max: 0 },
  options: { messages: { type: 'boolean', help: 'List every dead letter, not only the reasons' } },
  help: `Every queue: how many messages wait, how old the oldest is, and for each dead-letter queue why its messages were
given up. Dead letters are looked at and left where they are; the queues that workers read are only counted.
Exit code 1 when a dead-letter queue is not empty.`,
  run: async (input, ops) => {
    const queues = await Promise.all((await readQueues(ops)).map((queue) => listed(queue)));
    const dead = queues.filter(({ kind, depth }) => kind === 'dead-letters' && depth > 0);
    return {
      ok: dead.length === 0,
      data: { queues },
      text: text(queues, dead, input.flag('messages')),
    };

    async function listed(queue: QueueState): Promise<ListedQueue> {
      const letters = queue.kind === 'dead-letters' ? await explained(ops, await peek(ops, queue)) : [];
      const [oldest] = letters;
      const age =
        oldest === undefined ? undefined : (ops.now().getTime() - Date.parse(oldest.sent_at)) / 1_000;
      return {
        ...queue,
        depth: depthOf(queue),
        oldest_age_seconds: queue.oldest_age_seconds ?? (age === undefined ? undefined : Math.round(age)),
        reasons: tally(letters.map(({ reason }) => reason)),
        letters,
      };
    }
  },
};

const tally = (reasons: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(reasons, (reason) => reason)].map(([reason, all]) => [reason, all.length]),
  );

function text(queues: readonly ListedQueue[], dead: readonly ListedQueue[], all: boolean): string {
  const rows = queues.map(({ name, visible, in_flight, delayed, depth, oldest_age_seconds: age }) => [
    name,
    String(depth),
    String(visible),
    String(in_flight + delayed),
    depth === 0 ? '' : age === undefined ? '?' : duration(age * 1_000),
  ]);
  const overview = table(['QUEUE', 'DEPTH', 'READY', 'IN WORK', 'OLDEST'], rows);
  if (dead.length === 0) return `${overview}\n\nNo dead letters.\n`;
  return [overview, ...dead.flatMap((queue) => ['', section(queue, all)]), ''].join('\n');
}

function section({ name, owner, depth, reasons, letters, urgency }: ListedQueue, all: boolean): string {
  const channel = urgency !== undefined;
  return [
    `${name}: ${count(depth, 'dead letter')}`,
    ...Object.entries(reasons).map(([reason, number]) => `  ${number} × ${reason}`),
    ...(all ? [lettersTable(letters)] : []),
    channel
      ? `  → npm run ops -- replay ${owner} --dry-run`
      : '  → docs/runbooks/automation.md#stream-records-that-cannot-be-read',
  ].join('\n');
}

const lettersTable = (letters: readonly ExplainedLetter[]): string =>
  table(
    ['  SENT', 'MESSAGE', 'CORRELATION ID', 'DELIVERY', 'INCIDENT', 'REASON'],
    letters.map((each) => [
      `  ${each.sent_at}`,
      each.message_id,
      each.correlation_id ?? '–',
      each.delivery === undefined ? '–' : `${each.kind ?? ''} ${each.delivery}`,
      each.incident_status ?? '–',
      each.reason,
    ]),
  );
