import { throttlingAnswer, type WireAnswer } from './faults.ts';

/** The quota of StartExecution outside the largest regions (docs.aws.amazon.com/step-functions, service quotas). */
export const QUOTA = { perSecond: 150, bucket: 800 } as const;

/** StartExecution as AWS answers it: a token bucket, names that stay taken, and idempotence for the same input. */
export class StartExecutionStub {
  /** Input of each execution, by its name. */
  readonly started = new Map<string, string>();
  /** Names that were asked for again with another input. */
  readonly clashes: string[] = [];
  throttled = 0;
  repeated = 0;
  #tokens: number = QUOTA.bucket;
  #now = 0;

  /** @param now seconds of virtual time */
  advanceTo(now: number): void {
    this.#tokens = Math.min(QUOTA.bucket, this.#tokens + (now - this.#now) * QUOTA.perSecond);
    this.#now = now;
  }

  answer(body: string): WireAnswer {
    if (this.#tokens < 1) {
      this.throttled += 1;
      return throttlingAnswer('StepFunctions StartExecution');
    }
    this.#tokens -= 1;
    const { name, input, stateMachineArn } = JSON.parse(body) as Record<
      'name' | 'input' | 'stateMachineArn',
      string
    >;
    const before = this.started.get(name);
    if (before !== undefined && before !== input) {
      this.clashes.push(name);
      return json(400, { __type: 'ExecutionAlreadyExists', message: `Execution Already Exists: '${name}'` });
    }
    if (before === undefined) this.started.set(name, input);
    else this.repeated += 1;
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    return json(200, { executionArn, startDate: this.#now });
  }
}

const json = (status: number, body: object): WireAnswer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify(body),
});
