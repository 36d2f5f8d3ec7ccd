import { describe, expect, test } from 'vitest';
import { slackAcknowledgers } from '../../../lambdas/channels/slack/acknowledgers.ts';

describe('who may acknowledge in slack', () => {
  const asked: string[] = [];
  const groups: Record<string, string[] | undefined> = { S1: ['U1'], S2: ['U2'] };
  const membersOf = (group: string) => {
    asked.push(group);
    const members = groups[group];
    return members === undefined ? Promise.reject(new Error('Slack is down')) : Promise.resolve(members);
  };

  test('nobody listed: everyone, and Slack is not asked', async () => {
    await expect(slackAcknowledgers({ users: [], user_groups: [] }, membersOf)('U9')).resolves.toBe(true);
    expect(asked).toEqual([]);
  });

  test('users and groups; a group is asked for every five minutes, and its last answer kept', async () => {
    let now = 0;
    const may = slackAcknowledgers({ users: ['U5'], user_groups: ['S1', 'S2'] }, membersOf, () => now);
    await expect(may('U5')).resolves.toBe(true);
    expect(asked).toEqual([]);
    await expect(may('U2')).resolves.toBe(true);
    await expect(may('U9')).resolves.toBe(false);
    expect(asked).toEqual(['S1', 'S2']);
    groups['S2'] = ['U9'];
    now = 5 * 60_000;
    await expect(may('U2')).resolves.toBe(false);
    await expect(may('U9')).resolves.toBe(true);
    groups['S2'] = undefined;
    now *= 3;
    await expect(may('U9')).resolves.toBe(true);
  });

  test('never known, and Slack cannot be asked', async () => {
    await expect(slackAcknowledgers({ users: [], user_groups: ['S9'] }, membersOf)('U1')).rejects.toThrow(
      'down',
    );
  });
});
