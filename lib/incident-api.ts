import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { z } from '../lambdas/domain/schema.ts';
import { BundledFunction, type BundledFunctionProps, type FunctionDefaults } from './bundled-function.ts';
import { accept } from './validation.ts';

/** What is logged of a request: nothing that a sender said about itself but its address. */
const ACCESS_LOG = {
  request_id: '$context.requestId',
  at: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  route: '$context.routeKey',
  status: '$context.status',
  latency_ms: '$context.responseLatency',
  integration_error: '$context.integrationErrorMessage',
};

/**
 * Per second, over all callers. A storm of 10,000 events a minute is 167/s; twice that, and a burst that stays below
 * the 1,000 concurrent functions an account has by default.
 */
const THROTTLE = { rateLimit: 350, burstLimit: 700 };

/** The HTTP API: every route is one function, which checks for itself who calls. */
export class IncidentApi extends Construct {
  readonly api: HttpApi;
  readonly functions: BundledFunction[] = [];
  readonly #defaults: FunctionDefaults;

  constructor(scope: Construct, id: string, props: FunctionDefaults) {
    super(scope, id);
    this.#defaults = props;
    this.api = new HttpApi(this, 'HttpApi', { apiName: props.stackName, createDefaultStage: false });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLogs', {
            logGroupName: `/aws/vendedlogs/apigateway/${props.stackName}`,
            retention: props.logRetention,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        ),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    accept(
      this.api,
      'Each function checks a bearer token or a signature over the raw body, which no authorizer of an HTTP API sees',
      'APIG4',
    );
  }

  /** A function and the route that calls it, as `POST /events/incidents`. */
  route<S extends z.ZodMiniType>(
    route: `${'GET' | 'POST'} /${string}`,
    props: Pick<BundledFunctionProps<S>, 'entry' | 'schema' | 'environment'>,
  ): BundledFunction<S> {
    const [method = '', path = ''] = route.split(' ');
    const fn = new BundledFunction<S>(this, pascalCase(props.entry), {
      ...this.#defaults,
      ...props,
      timeout: Duration.seconds(10),
      // Slack and Discord wait 3 s for an answer, a cold start included: more than half a core.
      memorySize: 1_024,
    });
    this.functions.push(fn);
    this.api.addRoutes({
      path,
      methods: [HttpMethod[method as 'GET' | 'POST']],
      integration: new HttpLambdaIntegration(`${fn.node.id}Integration`, fn),
    });
    return fn;
  }
}

const pascalCase = (name: string): string =>
  name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
