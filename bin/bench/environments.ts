import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { IncidentOrchestratorStack } from '../../lib/incident-orchestrator-stack.ts';
import { readSettings } from '../../lib/settings.ts';

interface LambdaFunction {
  readonly Properties: {
    readonly FunctionName: string;
    readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> };
  };
}

/** The environment that the stack of `cdk.json` gives each function, by the handler's name. */
export function environmentsOf(): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const file = new URL('../../cdk.json', import.meta.url);
  const { context } = JSON.parse(readFileSync(file, 'utf8')) as { context: Record<string, unknown> };
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  const settings = readSettings(context['incident-orchestrator'], {});
  const stack = new IncidentOrchestratorStack(app, settings.stack_name, { settings });
  const found = Template.fromStack(stack).findResources('AWS::Lambda::Function') as Record<
    string,
    LambdaFunction
  >;
  return new Map(
    Object.values(found).map(({ Properties: { FunctionName: name, Environment: environment } }) => [
      name.slice(settings.stack_name.length + 1),
      Object.fromEntries(
        Object.entries(environment?.Variables ?? {}).map(([key, value]) => [key, plausible(value)]),
      ),
    ]),
  );
}

/** Text, with an address in the place of what only AWS can fill in. */
function plausible(value: unknown): string {
  if (typeof value === 'string') return value;
  const join = (value as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'];
  return join === undefined ? 'http://127.0.0.1/made-up' : join[1].map(plausible).join(join[0]);
}
