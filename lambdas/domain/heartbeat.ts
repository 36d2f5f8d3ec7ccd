import { SEVERITIES, type SeverityPolicy, type SeverityRule } from './severity.ts';

/** Who sends heartbeats: a name in the senders' secret. What this sender sends reaches no person, whatever it says. */
export const HEARTBEAT_SENDER = 'heartbeat';

/** No channel, and no page when nobody acknowledges. */
const RULE: SeverityRule = {
  channels: [],
  acknowledge: true,
  acknowledgement_window_seconds: 300,
  page: false,
};

/** The policy for what the heartbeat sends: the same for each severity. */
export const HEARTBEAT_POLICY = Object.fromEntries(
  SEVERITIES.map((severity) => [severity, RULE]),
) as SeverityPolicy;

/** Whether an incident is a heartbeat: no rule that operators can set is without channels. */
export const isHeartbeat = ({ rule }: { readonly rule: SeverityRule }): boolean => rule.channels.length === 0;
