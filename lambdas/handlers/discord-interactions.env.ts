import { z } from '../domain/schema.ts';
import { json, text } from '../runtime/env-types.ts';

export const DiscordInteractionsEnv = z.object({
  TABLE_NAME: text(),
  DISCORD_SECRET_ID: text(),
  /** Ids of the roles that may acknowledge; empty means everyone. */
  DISCORD_ACKNOWLEDGERS: json(z.strictObject({ roles: z.array(z.string()) })),
});
