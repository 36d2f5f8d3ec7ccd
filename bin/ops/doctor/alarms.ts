import { ListSubscriptionsByTopicCommand } from '@aws-sdk/client-sns';
import type { CommandContext } from '../command-context.ts';
import { firingAlarms } from '../target/cloudwatch.ts';
import { type Finding, inArea } from './finding.ts';

const { ok, note, wrong } = inArea('alarms');

/** Whether an alarm is on, and somebody hears of it. */
export async function checkAlarms(ops: CommandContext): Promise<Finding[]> {
  const [firing, heard] = await Promise.all([firingAlarms(ops), somebodyHears(ops)]);
  const findings = firing.map(({ name, description, reason }) => {
    const section = /What to do: (\S+)/.exec(description)?.[1] ?? 'docs/runbooks/automation.md';
    return wrong(`${name.slice(ops.target.stackName.length + 1)}: ${reason}`, `Read ${section}`);
  });
  const calm = firing.length === 0 ? [ok('no alarm is on')] : [];
  // A local run has nobody to mail.
  const silent =
    heard || ops.target.kind === 'local'
      ? []
      : [
          note(
            'nobody is told of alarms: the topic has no confirmed subscription',
            'Set alarm_email in cdk.json; npm run deploy; confirm the mail',
          ),
        ];
  return [...calm, ...findings, ...silent];
}

async function somebodyHears(ops: CommandContext): Promise<boolean> {
  const { ingest } = await ops.deployment();
  const [, partition, , region, account] = ingest.STATE_MACHINE_ARN.split(':');
  const TopicArn = [`arn:${partition ?? 'aws'}:sns`, region, account, `${ops.target.stackName}-alarms`].join(
    ':',
  );
  const { Subscriptions: all = [] } = await ops.clients.sns.send(
    new ListSubscriptionsByTopicCommand({ TopicArn }),
  );
  return all.some(({ SubscriptionArn: arn }) => arn?.startsWith('arn:') === true);
}
