import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';

/** Something that the operators should read: a mail's subject and its lines. */
export interface Notice {
  readonly subject: string;
  readonly lines: readonly string[];
}

/** The operators, by the topic that the alarms go to as well. */
export class Operators {
  readonly #client: SNSClient;
  readonly #topicArn: string;

  constructor(client: SNSClient, topicArn: string) {
    this.#client = client;
    this.#topicArn = topicArn;
  }

  async tell({ subject, lines }: Notice): Promise<void> {
    await this.#client.send(
      new PublishCommand({
        TopicArn: this.#topicArn,
        // SNS takes fewer than 100 characters, ASCII, on one line.
        Subject: subject.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 99),
        Message: lines.join('\n'),
      }),
    );
  }
}
