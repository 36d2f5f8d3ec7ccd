import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

export interface OperatorTopicProps {
  readonly stackName: string;
  /** Empty for nobody. */
  readonly email: string;
}

/** Where the operators are told: alarms, and what the caretakers have to say. */
export class OperatorTopic extends Topic {
  constructor(scope: Construct, id: string, props: OperatorTopicProps) {
    super(scope, id, { topicName: `${props.stackName}-alarms`, enforceSSL: true });
    if (props.email !== '') this.addSubscription(new EmailSubscription(props.email));
  }
}
