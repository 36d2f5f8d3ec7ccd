import {
  ExecutionAlreadyExists,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Envelope } from '../domain/envelope.ts';
import { workflowInput } from '../domain/envelope.ts';
import type { QueueUrls } from '../domain/severity.ts';

/** Starts the incident workflow. */
export class WorkflowStarter {
  readonly #client: SFNClient;
  readonly #stateMachineArn: string;
  readonly #queues: QueueUrls;

  constructor(client: SFNClient, stateMachineArn: string, queues: QueueUrls) {
    this.#client = client;
    this.#stateMachineArn = stateMachineArn;
    this.#queues = queues;
  }

  /**
   * Starts the execution named by the correlation id; starting it again is no error. (AWS answers a repeat with
   * the running execution; with a closed one, and on the local engine, with `ExecutionAlreadyExists`.)
   */
  async start(envelope: Envelope): Promise<void> {
    const command = new StartExecutionCommand({
      stateMachineArn: this.#stateMachineArn,
      name: envelope.correlation_id,
      input: workflowInput(envelope, this.#queues),
    });
    try {
      await this.#client.send(command);
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  }
}

/** A token nobody waits for any more: the execution went on or ended. The table decides, never the token. */
const STALE = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

/** Answers the workflow's parked tokens. */
export class WorkflowCallbacks {
  readonly #client: SFNClient;

  constructor(client: SFNClient) {
    this.#client = client;
  }

  /** @returns whether somebody was still waiting */
  async succeed(token: string, output: object): Promise<boolean> {
    const command = new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(output) });
    return this.#answer(() => this.#client.send(command));
  }

  /**
   * @param error the name that the state machine catches
   * @returns whether somebody was still waiting
   */
  async fail(token: string, error: 'DeliveryFailed' | 'NobodyReachable', cause: string): Promise<boolean> {
    // Step Functions takes at most 32,768 characters of cause; a reader needs far fewer.
    const command = new SendTaskFailureCommand({ taskToken: token, error, cause: cause.slice(0, 1_000) });
    return this.#answer(() => this.#client.send(command));
  }

  async #answer(send: () => Promise<unknown>): Promise<boolean> {
    try {
      await send();
      return true;
    } catch (error) {
      if (error instanceof Error && STALE.has(error.name)) return false;
      throw error;
    }
  }
}
