import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { IncidentOrchestratorStack } from '../../lib/incident-orchestrator-stack.ts';
import { readSettings } from '../../lib/settings.ts';
import { target, type Resource } from '../support/resources.ts';

const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as {
  context: Record<string, unknown>;
};

/** The stack of `cdk.json`, in an app that bundles nothing: what is looked at is the template. */
export function build(overrides: object = {}) {
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  const settings = readSettings(context['incident-orchestrator'], overrides);
  return { app, settings, stack: new IncidentOrchestratorStack(app, settings.stack_name, { settings }) };
}

/** What {@link build} built, with the resources of its template. */
export function synthesise(overrides: object = {}) {
  const built = build(overrides);
  const template = Template.fromStack(built.stack).toJSON() as { Resources: Record<string, Resource> };
  return { ...built, resources: template.Resources };
}

/** A value as the deployed function sees it: text, with something plausible in place of what AWS will fill in. */
export function deployed(value: unknown): string {
  if (typeof value === 'string') return value;
  const join = (value as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'];
  if (join !== undefined) return join[1].map(deployed).join(join[0]);
  const name = target(value);
  if (name === undefined) throw new Error(`What is ${JSON.stringify(value)}?`);
  return `https://aws.example/${name}`;
}
