import { z } from '../domain/schema.ts';
import { json, text } from '../runtime/env-types.ts';

/** For `slack-interactions` and `slack-events`. */
export const SlackCallbacksEnv = z.object({
  TABLE_NAME: text(),
  SLACK_SECRET_ID: text(),
  SLACK_BASE_URL: z.url(),
  /** Who may acknowledge: ids of users and user groups; both empty means everyone. */
  SLACK_ACKNOWLEDGERS: json(z.strictObject({ users: z.array(z.string()), user_groups: z.array(z.string()) })),
});
