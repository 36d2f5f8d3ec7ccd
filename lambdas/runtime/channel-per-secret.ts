import type { CachedSecret } from '../aws/secrets.ts';
import { DeliveryError } from '../domain/delivery.ts';
import type { Channel } from '../domain/ports.ts';
import type { z } from '../domain/schema.ts';

/**
 * A channel made from a secret, and made anew once the secret was rotated. A refusal for good that came while an
 * old copy of the secret was used is one that passes.
 */
export function perSecret<S extends z.ZodMiniType>(
  secret: CachedSecret<S>,
  create: (credentials: z.output<S>) => Channel,
): () => Promise<Channel> {
  let made: { readonly from: z.output<S>; readonly channel: Channel } | undefined;
  return async () => {
    const from = await secret.get();
    if (made?.from !== from) {
      const isOld = async () => (await secret.refresh()) !== from;
      made = { from, channel: withFreshSecret(create(from), isOld) };
    }
    return made.channel;
  };
}

function withFreshSecret(channel: Channel, isOld: () => Promise<boolean>): Channel {
  const guard =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      try {
        return await call(...args);
      } catch (error) {
        if (!(error instanceof DeliveryError) || error.kind !== 'permanent' || !(await isOld())) throw error;
        const why = `${error.message} (with a secret that was rotated meanwhile)`;
        throw new DeliveryError('retryable', why, {
          retryAfterSeconds: 1,
          refused: error.refused,
          cause: error,
        });
      }
    };
  const { name, notify, find, update, tell } = channel;
  return {
    name,
    notify: guard(notify),
    ...(find === undefined ? {} : { find: guard(find) }),
    ...(update === undefined ? {} : { update: guard(update) }),
    ...(tell === undefined ? {} : { tell: guard(tell) }),
  };
}
