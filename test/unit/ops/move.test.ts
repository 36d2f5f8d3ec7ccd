import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { moveByHand } from '../../../bin/ops/queues/move-by-hand.ts';

const ID = '01a20930-7fe8-7787-80d4-875c9d61e2ec';
const OTHER = '01a20930-7fe8-7787-80d4-875c9d61e2ed';
const body = (correlation_id: string) =>
  JSON.stringify({ kind: 'notify', correlation_id, delivery: 'slack' });

interface Stored {
  id: string;
  body: string;
  sent: number;
  hidden: boolean;
}

/** SQS as far as a move needs it, with every call in order. */
function queues(
  dead: { id: string; body: string; sent?: number }[],
  fail: (call: string) => boolean = () => false,
) {
  const from: Stored[] = dead.map((each) => ({ sent: 1_000, ...each, hidden: false }));
  const to: string[] = [];
  const calls: string[] = [];
  const send = (command: { constructor: { name: string }; input: Record<string, string> }) => {
    const what = command.constructor.name.replace('Command', '');
    const { ReceiptHandle: handle } = command.input;
    if (what !== 'ReceiveMessage') calls.push(`${what} ${handle ?? ''}`.trim());
    if (fail(calls.at(-1) ?? '')) return Promise.reject(new Error('SQS is away'));
    const message = from.find(({ id }) => id === handle);
    switch (what) {
      case 'ReceiveMessage': {
        const seen = from.filter(({ hidden }) => !hidden).slice(0, 10);
        for (const each of seen) each.hidden = true;
        const Messages = seen.map((each) => ({
          MessageId: each.id,
          ReceiptHandle: each.id,
          Body: each.body,
          Attributes: { SentTimestamp: String(each.sent) },
        }));
        return Promise.resolve({ Messages });
      }
      case 'SendMessage':
        to.push(command.input['MessageBody'] ?? '');
        return Promise.resolve({});
      case 'DeleteMessage':
        if (message !== undefined) from.splice(from.indexOf(message), 1);
        return Promise.resolve({});
      case 'ChangeMessageVisibility':
        if (message !== undefined) message.hidden = false;
        return Promise.resolve({});
      default:
        throw new Error(`Not expected: ${what}`);
    }
  };
  return { sqs: { send } as unknown as SQSClient, from, to, calls };
}

const move = (sqs: SQSClient, wanted: (id: string | undefined) => boolean = () => true) => {
  const moved: string[] = [];
  const result = moveByHand(sqs, {
    from: 'dead',
    to: 'queue',
    wanted: ({ job }) => wanted(job?.correlation_id),
    moved: ({ message_id }) => moved.push(message_id),
  });
  return { result, moved };
};

describe('moving dead letters by hand', () => {
  it('sends each before it deletes it', async () => {
    const { sqs, calls, from, to } = queues([{ id: 'a', body: body(ID) }]);
    expect(await move(sqs).result).toBe(1);
    expect(calls).toEqual(['SendMessage', 'DeleteMessage a']);
    expect({ from, to }).toEqual({ from: [], to: [body(ID)] });
  });

  it('moves more than one answer holds', async () => {
    const many = Array.from({ length: 23 }, (_, index) => ({ id: `m${index}`, body: body(ID) }));
    const { sqs, from, to } = queues(many);
    expect(await move(sqs).result).toBe(23);
    expect({ left: from.length, moved: to.length }).toEqual({ left: 0, moved: 23 });
  });

  it('leaves what is not wanted, visible again', async () => {
    const { sqs, from, to } = queues([
      { id: 'a', body: body(ID) },
      { id: 'b', body: body(OTHER) },
      { id: 'c', body: 'not a job' },
    ]);
    expect(await move(sqs, (id) => id === OTHER).result).toBe(1);
    expect(to).toEqual([body(OTHER)]);
    expect(from.map(({ id, hidden }) => `${id} ${hidden}`)).toEqual(['a false', 'c false']);
  });

  it('leaves what failed again meanwhile to the next run', async () => {
    const { sqs, from } = queues([{ id: 'again', body: body(ID), sent: Date.now() + 60_000 }]);
    expect(await move(sqs).result).toBe(0);
    expect(from).toHaveLength(1);
  });

  it('loses nothing when sending fails', async () => {
    const { sqs, from, to } = queues([{ id: 'a', body: body(ID) }], (call) => call === 'SendMessage');
    await expect(move(sqs).result).rejects.toThrow('stopped after 0 messages: SQS is away. None is lost.');
    expect({ from: from.length, to: to.length }).toEqual({ from: 1, to: 0 });
  });

  it('has it twice rather than not at all when deleting fails, and counts it', async () => {
    const { sqs, from, to } = queues([{ id: 'a', body: body(ID) }], (call) => call.startsWith('Delete'));
    await expect(move(sqs).result).rejects.toThrow('stopped after 1 messages');
    expect({ from: from.length, to: to.length }).toEqual({ from: 1, to: 1 });
  });
});
