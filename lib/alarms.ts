import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Alarm, ComparisonOperator, type IMetric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { AUDIT_FINDINGS } from '../lambdas/domain/audit.ts';
import type { BundledFunction } from './bundled-function.ts';
import { ownMetric } from './metrics.ts';
import type { NotificationChannel } from './notification-channel.ts';
import type { Settings } from './settings.ts';
import type { StreamRelay } from './stream-relay.ts';

/** Where each kind of alarm is explained: a section of this file with the kind as its anchor. */
export const RUNBOOK = 'docs/runbooks/automation.md';

/** Every kind of alarm, with what the person woken should know first. */
export const ALARM_KINDS = {
  'dead-letter-queue-not-empty': 'Messages were given up. They are kept for 14 days and can be replayed.',
  'messages-wait-too-long': 'The oldest message of a queue waits longer than retries explain.',
  'execution-failed': 'A workflow failed: an incident may have reached nobody.',
  'execution-timed-out': 'A workflow timed out as a whole, which it has no reason to.',
  'execution-throttled': 'Step Functions is refusing transitions: notifications and pages come late.',
  'worker-errors': 'A channel worker crashes or times out. Its messages come again.',
  'relay-errors': 'A stream relay fails. Until it recovers, starts and updates are late.',
  'relay-lags': 'A stream relay is behind. Records are lost from the stream after 24 hours.',
  'page-failed': 'PagerDuty did not take a page. It is tried again for hours; call somebody meanwhile.',
  'breaker-open': 'Zapier is paused: Jira tickets and finance adjustments wait in their queues.',
  'incident-helped-along': 'The auditor found an incident that had got stuck, and helped it along.',
  'heartbeat-missing': 'A synthetic incident did not come back: real ones may not get through either.',
  'scheduled-function-errors': 'A function on a schedule crashes. Its next run tries again.',
  'answer-too-slow':
    'Slack or Discord waited longer than 3 s: the person who clicked saw an error, though the click counts.',
  'api-5xx': 'Callers got a 5xx. Senders must send again what was not answered with 202.',
  'api-function-errors': 'An API function crashes or times out.',
} as const;
export type AlarmKind = keyof typeof ALARM_KINDS;

const MINUTE = Duration.minutes(1);
/** Worse than one slow provider call and its retries; the urgent queues carry Sev1 and its pages. */
export const OLDEST_MESSAGE_SECONDS = { urgent: 120, standard: 900 } as const;
/** Slack and Discord show the person an error when nothing is answered within this time. */
export const ANSWER_LIMIT_MS = 3_000;
export const ANSWERED_IN_TIME = [
  'POST /slack/interactions',
  'POST /slack/events',
  'POST /discord/interactions',
] as const;
/** Well before an acknowledgement's update would seem lost to a person. */
const RELAY_LAG_MS = 60_000;

export interface AlarmsProps {
  readonly stackName: string;
  readonly topic: ITopic;
  readonly channels: readonly NotificationChannel[];
  readonly relays: readonly StreamRelay[];
  readonly stateMachine: StateMachine;
  readonly api: HttpApi;
  readonly apiFunctions: readonly BundledFunction[];
  readonly scheduled: readonly BundledFunction[];
  readonly heartbeat: Settings['heartbeat'];
}

/** Every alarm there is, all to one topic. Made here and nowhere else, so that none lacks its runbook section. */
export class Alarms extends Construct {
  readonly #topic: ITopic;
  readonly #stackName: string;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#stackName = props.stackName;
    this.#topic = props.topic;

    for (const fn of props.scheduled)
      this.#alarm('scheduled-function-errors', fn.entry, { metric: errors(fn) });
    this.#alarm('page-failed', '', { metric: ownMetric('deliveryAttemptFailed', { channel: 'pagerduty' }) });
    this.#alarm('breaker-open', '', { metric: ownMetric('breakerOpen', {}, Stats.MAXIMUM) });
    for (const finding of AUDIT_FINDINGS) {
      const metric = ownMetric('auditFindings', { finding });
      this.#alarm('incident-helped-along', finding.replace('_', '-'), { metric });
    }
    if (props.heartbeat.enabled) this.#heartbeat(props.heartbeat.rate_minutes);

    for (const channel of props.channels) this.#channel(channel);
    for (const relay of props.relays) this.#relay(relay);
    this.#workflow(props.stateMachine);
    this.#alarm('api-5xx', '', {
      metric: props.api.metricServerError({ period: MINUTE, statistic: Stats.SUM }),
    });
    for (const fn of props.apiFunctions) this.#alarm('api-function-errors', fn.entry, { metric: errors(fn) });
    for (const route of ANSWERED_IN_TIME) {
      const metric = ownMetric('answerTime', { route }, Stats.MAXIMUM);
      const subject = route.slice('POST /'.length).replace('/', '-');
      this.#alarm('answer-too-slow', subject, { metric, above: ANSWER_LIMIT_MS });
    }
  }

  #channel({ channel, queues, deadLetterQueues, worker }: NotificationChannel): void {
    for (const urgency of ['urgent', 'standard'] as const) {
      const subject = `${channel}-${urgency}`;
      this.#alarm('dead-letter-queue-not-empty', subject, { metric: depth(deadLetterQueues[urgency]) });
      this.#alarm('messages-wait-too-long', subject, {
        metric: queues[urgency].metricApproximateAgeOfOldestMessage({ period: MINUTE }),
        above: OLDEST_MESSAGE_SECONDS[urgency],
        periods: 2,
      });
    }
    this.#alarm('worker-errors', channel, { metric: errors(worker) });
  }

  #relay({ function: fn, deadLetterQueue }: StreamRelay): void {
    this.#alarm('dead-letter-queue-not-empty', fn.entry, { metric: depth(deadLetterQueue) });
    this.#alarm('relay-errors', fn.entry, { metric: errors(fn) });
    this.#alarm('relay-lags', fn.entry, {
      metric: fn.metric('IteratorAge', { period: MINUTE, statistic: Stats.MAXIMUM }),
      above: RELAY_LAG_MS,
      periods: 2,
    });
  }

  #workflow(stateMachine: StateMachine): void {
    const period = { period: MINUTE };
    this.#alarm('execution-failed', '', { metric: stateMachine.metricFailed(period) });
    this.#alarm('execution-timed-out', '', { metric: stateMachine.metricTimedOut(period) });
    this.#alarm('execution-throttled', '', { metric: stateMachine.metricThrottled(period) });
  }

  /** Two beats in a row did not come back, or were not sent: their silence is the alarm. */
  #heartbeat(rateMinutes: number): void {
    const period = Duration.minutes(rateMinutes);
    const metric = ownMetric('heartbeatReturned', {}, Stats.MAXIMUM).with({ period });
    this.#alarm('heartbeat-missing', '', { metric, below: 1, periods: 2 });
  }

  /**
   * @param subject what of several it is about; empty where there is one
   * @param when alarms when the metric is above `above` (0) for `periods` (1) of it in a row; or below `below`, or silent
   */
  #alarm(
    kind: AlarmKind,
    subject: string,
    when: { metric: IMetric; above?: number; below?: number; periods?: number },
  ): void {
    const isLow = when.below !== undefined;
    const name = subject === '' ? kind : `${kind}-${subject}`;
    const alarm = new Alarm(this, name, {
      alarmName: `${this.#stackName}-${name}`,
      alarmDescription: `${ALARM_KINDS[kind]} What to do: ${RUNBOOK}#${kind}`,
      metric: when.metric,
      threshold: when.below ?? when.above ?? 0,
      comparisonOperator: isLow
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: when.periods ?? 1,
      // The others are silent while nothing happens, which is how things should be.
      treatMissingData: isLow ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.#topic));
    alarm.addOkAction(new SnsAction(this.#topic));
  }
}

const depth = (queue: Queue) =>
  queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: Stats.MAXIMUM });
const errors = (fn: BundledFunction) => fn.metricErrors({ period: MINUTE, statistic: Stats.SUM });
