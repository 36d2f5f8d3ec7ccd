import { DeliveryError } from '../../domain/delivery.ts';

/**
 * Platform errors (`{ok: false, error}`) that no waiting mends: wrong channel, token, permission or content.
 * Names from the error tables of docs.slack.dev/reference/methods for the methods used here.
 */
const PERMANENT = new Set(
  `
    channel_not_found not_in_channel is_archived is_inactive method_not_supported_for_channel_type
    invalid_auth not_authed account_inactive token_revoked token_expired missing_scope no_permission
    not_allowed_token_type ekm_access_denied enterprise_is_restricted access_denied org_login_required
    team_access_not_granted two_factor_setup_required as_user_not_supported restricted_action
    restricted_action_read_only_channel restricted_action_thread_locked
    restricted_action_thread_only_channel restricted_action_non_threadable_channel msg_too_long
    msg_blocks_too_long no_text invalid_blocks invalid_blocks_format too_many_attachments
    invalid_metadata_format invalid_metadata_schema metadata_too_large metadata_must_be_sent_from_app
    invalid_arguments invalid_arg_name invalid_array_arg invalid_charset invalid_form_data
    invalid_post_type missing_post_type method_deprecated deprecated_endpoint unknown_method
    message_not_found cant_update_message edit_window_closed thread_not_found cannot_reply_to_message
    no_such_subteam user_not_found subteam_max_users_exceeded
  `
    .trim()
    .split(/\s+/),
);

/**
 * What a platform error means. One that is not listed counts as retryable: Slack adds errors without notice, a body
 * that is not JSON arrives here as one, and the tries are few; a lost message is worse than four calls in vain.
 *
 * @param code Slack's `error`, or whatever stood in its place
 */
export function platformError(
  what: string,
  code: unknown,
  options: { readonly retryAfterSeconds?: number; readonly cause?: unknown } = {},
): DeliveryError {
  const name = typeof code === 'string' && /^[a-z0-9_.-]{1,64}$/i.test(code) ? code : undefined;
  const kind = name !== undefined && PERMANENT.has(name) ? 'permanent' : 'retryable';
  // Of `fatal_error` and `internal_error` Slack itself says that part may have been done.
  const refused = kind === 'permanent' || name === 'ratelimited';
  return new DeliveryError(kind, `${what}: ${name ?? 'the answer is not one of Slack’s'}`, {
    ...options,
    refused,
  });
}
