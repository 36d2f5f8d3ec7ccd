import { readdirSync } from 'node:fs';
import type { Target } from '../target/target.ts';

/** Where else an incident can be looked at. */
export interface IncidentLinks {
  readonly execution_arn: string;
  readonly execution: string;
  readonly logs: string;
  readonly traces: string;
  /** For CloudWatch Logs Insights, over the log groups of all functions. */
  readonly logs_query: string;
  /** For X-Ray. */
  readonly traces_filter: string;
}

const HANDLERS = new URL('../../../lambdas/handlers/', import.meta.url);

/** Names of the functions, which are those of their handlers' files. */
export const functionEntries = (): string[] =>
  readdirSync(HANDLERS)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.env.ts'))
    .map((file) => file.slice(0, -'.ts'.length));

/** @param stateMachineArn the deployed state machine; its ARN names region and account */
export function incidentLinks(target: Target, stateMachineArn: string, correlationId: string): IncidentLinks {
  const arn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${correlationId}`;
  const query = `fields @timestamp, @log, level, message | filter @message like "${correlationId}" | sort @timestamp`;
  const filter = `annotation.correlation_id = "${correlationId}"`;
  const texts = { execution_arn: arn, logs_query: query, traces_filter: filter };
  if (target.run !== undefined) {
    const { url, port } = target.run;
    return {
      ...texts,
      execution: `${url}/ (console page; no Step Functions console here)`,
      logs: `grep ${correlationId} .local/runs/${port}/engine.log`,
      traces: 'none: the local engine has no X-Ray',
    };
  }
  const region = arn.split(':')[3] ?? '';
  const console = `https://${region}.console.aws.amazon.com`;
  return {
    ...texts,
    execution: `${console}/states/home?region=${region}#/v2/executions/details/${encodeURIComponent(arn)}`,
    logs: `${console}/cloudwatch/home?region=${region}#logsV2:logs-insights${insights(target.stackName, query)}`,
    traces: `${console}/xray/home?region=${region}#/traces?filter=${encodeURIComponent(filter)}`,
  };
}

/**
 * The console's own notation of a query over the last day: values percent-encoded with `*`, the whole then encoded
 * twice, with `$` for the last `%`.
 */
function insights(stackName: string, query: string): string {
  const value = (text: string) => `'${fullyEncoded(text).replaceAll('%', '*')}`;
  const groups = functionEntries().map((entry) => `~${value(`/aws/lambda/${stackName}-${entry}`)}`);
  const detail =
    `~(end~0~start~-86400~timeType~'RELATIVE~unit~'seconds` +
    `~editorString~${value(query)}~source~(${groups.join('')}))`;
  return encodeURIComponent(`?queryDetail=${fullyEncoded(detail)}`).replaceAll('%', '$');
}

/** encodeURIComponent leaves a few characters that mean something in that notation; `*` stays. */
const fullyEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()~]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
