import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DeliveryError, type ProviderReference } from '../../lambdas/domain/delivery.ts';
import type { Channel, DeliveryContext } from '../../lambdas/domain/ports.ts';
import type { ChannelKit } from './support/channel-kit.ts';
import { incidentWith } from './support/incident.ts';
import { type Fault, type ProviderModel, ProviderServer, type Reply } from './support/provider-server.ts';

/** Short, so that a hanging provider costs the suite little; production has 4,000. */
const TIMEOUT_MS = 150;

const reply = (status: number, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  body: '<html>Something about the weather</html>',
});

/** What a worker does: looks for what an earlier attempt may have sent, where the channel can, and sends. */
export async function attempt(
  channel: Channel,
  context: DeliveryContext,
  inDoubt = false,
): Promise<ProviderReference> {
  return (inDoubt ? await channel.find?.(context) : undefined) ?? channel.notify(context);
}

/** The promises every channel makes to the worker, over real HTTP. */
export function describeChannelContract(kit: ChannelKit): void {
  let server: ProviderServer;
  let model: ProviderModel;
  let channel: Channel;
  beforeAll(async () => {
    server = await ProviderServer.start(kit.model());
  });
  afterAll(() => server.close());
  beforeEach(() => {
    model = kit.model();
    server.play(model);
    channel = kit.channel(server.url, TIMEOUT_MS);
  });

  /** The error of one attempt that meets these faults, after it was seen to tell no secret. */
  async function failing(context: DeliveryContext, ...faults: readonly Fault[]): Promise<DeliveryError> {
    server.next(...faults);
    const error: unknown = await channel.notify(context).then(
      () => new Error('it went well'),
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(DeliveryError);
    const printed = inspect(error, { depth: 10, showHidden: true });
    for (const secret of kit.secretsAt(server.url)) expect(printed).not.toContain(secret);
    expect(server.requests).toHaveLength(1);
    return error as DeliveryError;
  }

  describe.each(kit.deliveries)('%s', (delivery) => {
    const context: DeliveryContext = { incident: incidentWith(), delivery };

    test('a success is one call', async () => {
      await expect(channel.notify(context)).resolves.toEqual(expect.any(Object));
      expect(server.requests).toHaveLength(1);
      expect(model.shown()).toBe(1);
    });

    test.each([
      ['whole seconds', '7', 7, 7],
      ['a fraction', '1.5', 1.5, 2],
      ['an HTTP date', new Date(Date.now() + 60_000).toUTCString(), 50, 60],
    ])('429 with Retry-After as %s', async (_name, header, least, most) => {
      const error = await failing(context, { kind: 'reply', reply: kit.rateLimited(header) });
      expect(error).toMatchObject({ kind: 'retryable', refused: true });
      expect(error.retryAfterSeconds).toBeGreaterThanOrEqual(least);
      expect(error.retryAfterSeconds).toBeLessThanOrEqual(most);
    });

    test.each([[undefined], ['soon'], ['-5']])('429 with Retry-After %s', async (header) => {
      const error = await failing(context, { kind: 'reply', reply: kit.rateLimited(header) });
      expect(error).toMatchObject({ kind: 'retryable', refused: true, retryAfterSeconds: undefined });
    });

    test.each([[408], [500], [502], [503], [504]])('HTTP %i passes', async (status) => {
      const error = await failing(context, { kind: 'reply', reply: reply(status) });
      expect(error).toMatchObject({ kind: 'retryable', refused: false, retryAfterSeconds: undefined });
      expect(error.message).toContain(String(status));
    });

    test('503 with Retry-After is waited for', async () => {
      const error = await failing(context, { kind: 'reply', reply: reply(503, { 'retry-after': '30' }) });
      expect(error).toMatchObject({ kind: 'retryable', retryAfterSeconds: 30 });
    });

    test('a hanging provider is left after the timeout', async () => {
      const started = performance.now();
      const error = await failing(context, { kind: 'hang' });
      expect(error).toMatchObject({ kind: 'retryable', refused: false });
      expect(performance.now() - started).toBeLessThan(TIMEOUT_MS + 1_000);
    });

    test('a reset connection', async () => {
      expect(await failing(context, { kind: 'reset' })).toMatchObject({ kind: 'retryable', refused: false });
    });

    test('nobody listening', async () => {
      const deaf = kit.channel('http://127.0.0.1:1', TIMEOUT_MS);
      await expect(deaf.notify(context)).rejects.toMatchObject({ name: 'DeliveryError', kind: 'retryable' });
    });

    test('a redirect is not followed', async () => {
      const moved = reply(302, { location: `${server.url}/elsewhere` });
      expect((await failing(context, { kind: 'reply', reply: moved })).kind).toBe('permanent');
    });

    test('an error that quotes our secrets back does not carry them on', async () => {
      const quoted = kit.secretsAt(server.url).join(' ');
      const body = { ok: false, error: quoted, message: quoted, errors: [quoted] };
      await failing(context, { kind: 'reply', reply: { status: 400, body } });
    });

    test('an error with a body of 20 MB', async () => {
      const huge = { status: 500, body: 'x'.repeat(20_000_000) };
      const error = await failing(context, { kind: 'reply', reply: huge });
      expect(error.kind).toBe('retryable');
      expect(error.message.length).toBeLessThan(500);
    });

    test.each(kit.permanent)('permanent: $name', async ({ reply: wrong }) => {
      const error = await failing(context, { kind: 'reply', reply: wrong });
      expect(error).toMatchObject({ kind: 'permanent', refused: true });
    });

    if (kit.retryable.length > 0) {
      test.each(kit.retryable)('passes: $name', async ({ reply: wrong }) => {
        expect((await failing(context, { kind: 'reply', reply: wrong })).kind).toBe('retryable');
      });
    }

    const garbled = [
      ['empty', ''],
      ['HTML', '<html>OK</html>'],
      ['null', 'null'],
      ['an empty object', '{}'],
      ['an array', '[]'],
    ] as const;
    test.each(garbled)('a 2xx whose body is %s: told once, whatever comes after', async (_name, body) => {
      const fault: Fault = { kind: 'garbled', body };
      if (kit.statusDecides) {
        server.next(fault);
        await channel.notify(context);
        expect(server.requests).toHaveLength(1);
      } else {
        expect((await failing(context, fault)).kind).toBe('retryable');
        await attempt(channel, context, true);
      }
      expect(model.shown()).toBe(1);
    });

    test.each(['reset', 'hang'] as const)('done, but the answer is lost (%s): told once', async (how) => {
      expect((await failing(context, { kind: 'lost', how })).kind).toBe('retryable');
      await attempt(channel, context, true);
      expect(model.shown()).toBe(1);
    });

    test('done, but the answer breaks off after its status: told once', async () => {
      server.next({ kind: 'lost', how: 'cut' });
      await channel.notify(context).catch(() => attempt(channel, context, true));
      expect(model.shown()).toBe(1);
      expect(server.requests.length === 1).toBe(kit.statusDecides);
    });

    test('a second run of the same worker code sends the same bytes', async () => {
      await channel.notify(context);
      await channel.notify(context);
      expect(server.requests[0]?.body).toBe(server.requests[1]?.body);
    });
  });
}
