import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { z } from '../lambdas/domain/schema.ts';
import { BundledFunction, type BundledFunctionProps } from './bundled-function.ts';

const MINUTE = Duration.minutes(1);

export interface ScheduledFunctionProps<S extends z.ZodMiniType> extends Omit<
  BundledFunctionProps<S>,
  'timeout' | 'memorySize'
> {
  /** Time between two runs; a minute, EventBridge's least, when absent. */
  readonly rate?: Duration;
  /** False keeps the function, to be called by hand, and stops the schedule. */
  readonly enabled?: boolean;
}

/** A function on a schedule; it runs for a minute at most. What a run leaves undone is the next one's. */
export class ScheduledFunction<S extends z.ZodMiniType = z.ZodMiniType> extends BundledFunction<S> {
  constructor(scope: Construct, id: string, props: ScheduledFunctionProps<S>) {
    super(scope, id, { ...props, timeout: MINUTE, memorySize: 512 });
    new Rule(this, 'Schedule', {
      schedule: Schedule.rate(props.rate ?? MINUTE),
      enabled: props.enabled ?? true,
      targets: [new LambdaFunction(this, { retryAttempts: 0 })],
    });
  }
}
