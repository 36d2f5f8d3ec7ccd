import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { z } from '../lambdas/domain/schema.ts';
import type { EnvironmentOf } from '../lambdas/runtime/env.ts';
import { codeOf } from './bundles.ts';
import { accept } from './validation.ts';

/** What all functions of the stack have in common. */
export interface FunctionDefaults {
  /** First part of every physical name. */
  readonly stackName: string;
  readonly logRetention: RetentionDays;
}

export interface BundledFunctionProps<S extends z.ZodMiniType> extends FunctionDefaults {
  /** Name of the handler's file in `lambdas/handlers/`, without `.ts`; also the function's name. */
  readonly entry: string;
  /** The handler's environment schema: its names, and nothing else, must be set in `environment`. */
  readonly schema: S;
  readonly environment: EnvironmentOf<S>;
  readonly timeout: Duration;
  /** MiB; CPU comes in proportion, a full core at 1,769. */
  readonly memorySize: number;
}

/**
 * A handler as a Lambda function: bundled with its own AWS SDK, traced, with a role that may write its own logs
 * and nothing else until something is allowed.
 */
export class BundledFunction<S extends z.ZodMiniType = z.ZodMiniType> extends Function {
  readonly entry: string;

  constructor(scope: Construct, id: string, props: BundledFunctionProps<S>) {
    const functionName = `${props.stackName}-${props.entry}`;
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: props.logRetention,
      // Named, so it must go with the stack or the next deployment meets it. The record that counts is the saga.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Not CDK's default role: that one may write to every log group of the account.
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    super(scope, id, {
      functionName,
      code: codeOf(scope, props.entry),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize,
      timeout: props.timeout,
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role,
      environment: { ...props.environment },
    });
    this.entry = props.entry;
    logGroup.grantWrite(role);
    accept(role, 'X-Ray has no resources to name', 'IAM5[Resource::*]');
  }

  /** Allows exactly these actions on these resources. */
  allow(actions: readonly string[], ...resources: readonly string[]): void {
    this.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  }

  allowSecret(secret: Secret): void {
    this.allow(['secretsmanager:GetSecretValue'], secret.secretArn);
  }
}
