/** Who may acknowledge in Slack: ids of users (`U…`) and user groups (`S…`). Both empty means everyone. */
export interface SlackAcknowledgers {
  readonly users: readonly string[];
  readonly user_groups: readonly string[];
}

/** A change of a user group is seen after this long at most. */
const CACHE_MS = 5 * 60 * 1_000;

/**
 * Answers whether a person may acknowledge. While Slack cannot be asked, the members known last are taken, however
 * old: an incident is no time to lock people out.
 *
 * @param membersOf asks Slack for a user group's members
 * @throws DeliveryError when Slack cannot be asked and was never asked before
 */
export function slackAcknowledgers(
  allowed: SlackAcknowledgers,
  membersOf: (userGroup: string) => Promise<readonly string[]>,
  now: () => number = Date.now,
): (userId: string) => Promise<boolean> {
  const known = new Map<string, { readonly members: readonly string[]; readonly at: number }>();
  const members = async (group: string): Promise<readonly string[]> => {
    const cached = known.get(group);
    if (cached !== undefined && now() - cached.at < CACHE_MS) return cached.members;
    try {
      const fresh = await membersOf(group);
      known.set(group, { members: fresh, at: now() });
      return fresh;
    } catch (error) {
      if (cached === undefined) throw error;
      return cached.members;
    }
  };
  return async (userId) => {
    if (allowed.users.length === 0 && allowed.user_groups.length === 0) return true;
    if (allowed.users.includes(userId)) return true;
    const groups = await Promise.all(allowed.user_groups.map(members));
    return groups.some((group) => group.includes(userId));
  };
}
