import { ofType, target, type Resource } from './resources.ts';

/** What one statement of a policy allows. */
export interface Grant {
  readonly action: string;
  readonly resources: readonly unknown[];
}

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** Everything that a role (by logical id) may do. */
export function grantsOf(resources: Record<string, Resource>, role: string): Grant[] {
  return ofType(resources, 'AWS::IAM::Policy')
    .filter(([, { Properties: p }]) => (p['Roles'] as unknown[]).some((each) => target(each) === role))
    .flatMap(([, { Properties: p }]) => (p['PolicyDocument'] as { Statement: Statement[] }).Statement)
    .flatMap(({ Action, Resource: resource }) =>
      list(Action).map((action) => ({ action, resources: list(resource) })),
    );
}

/** Everything that a function or state machine may do. */
export function grantsTo(resources: Record<string, Resource>, resource: Resource): Grant[] {
  const role = target(resource.Properties['Role'] ?? resource.Properties['RoleArn']);
  return role === undefined ? [] : grantsOf(resources, role);
}
