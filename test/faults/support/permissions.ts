import { resolve, type Physical, type StackTemplate } from './template.ts';

/** What says on what a call is made. */
interface Input {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly TransactItems?: readonly Readonly<Record<string, Input>>[];
  readonly QueueUrl?: string;
  readonly SecretId?: string;
  readonly stateMachineArn?: string;
  readonly executionArn?: string;
}

/** What IAM is asked for one call: an action, and on what. */
interface Demand {
  readonly action: string;
  readonly resource: string;
}

/** The roles of the stack's functions, which the local engine does not look at. */
export class Permissions {
  readonly #grants: ReadonlyMap<string, readonly Demand[]>;
  readonly #physical: ReadonlyMap<string, Physical>;
  readonly #stateMachineArn: string;

  constructor(
    template: StackTemplate,
    physical: ReadonlyMap<string, Physical>,
    { stateMachineArn }: { readonly stateMachineArn: string },
  ) {
    this.#physical = physical;
    this.#stateMachineArn = stateMachineArn;
    this.#grants = new Map(
      [...template.grants()].map(([handler, grants]) => [
        handler,
        grants.flatMap(({ action, resources }) =>
          resources.map((resource) => ({ action, resource: resolve(resource, physical) })),
        ),
      ]),
    );
  }

  /** What the handler's role does not allow of a call, in words; nothing when it allows all of it. */
  missing(handler: string, target: string, body: string): string | undefined {
    const granted = this.#grants.get(handler) ?? [];
    const demands = this.#demandsOf(target, (body === '' ? {} : JSON.parse(body)) as Input);
    const refused = demands.find(
      ({ action, resource }) =>
        !granted.some((grant) => grant.action === action && covers(grant.resource, resource)),
    );
    if (refused === undefined) return undefined;
    return `The role of ${handler} does not allow ${refused.action} on ${refused.resource}`;
  }

  #demandsOf(target: string, input: Input): Demand[] {
    const [service = '', operation = ''] = target.split('.');
    if (service.startsWith('DynamoDB')) return this.#ofTable(operation, input);
    if (service === 'AmazonSQS') {
      const name = input.QueueUrl?.split('/').at(-1) ?? '';
      const resource = this.#arns().find((arn) => arn.endsWith(`:${name}`)) ?? `queue ${name}`;
      return [{ action: `sqs:${operation.replace(/Batch$/, '')}`, resource }];
    }
    if (service === 'AWSStepFunctions') {
      const resource = input.stateMachineArn ?? input.executionArn ?? this.#stateMachineArn;
      return [{ action: `states:${operation}`, resource }];
    }
    if (service === 'secretsmanager')
      return [{ action: `secretsmanager:${operation}`, resource: input.SecretId ?? '' }];
    throw new Error(`What does IAM ask for ${target}?`);
  }

  /** A transaction takes the permissions of its parts (DynamoDB's developer guide, "IAM policies for transactions"). */
  #ofTable(operation: string, input: Input): Demand[] {
    const table = (each: Input): string => {
      const name = each.TableName ?? '';
      const arn = this.#arns().find((known) => known.endsWith(`:table/${name}`)) ?? `table ${name}`;
      return each.IndexName === undefined ? arn : `${arn}/index/${each.IndexName}`;
    };
    if (operation !== 'TransactWriteItems')
      return [{ action: `dynamodb:${operation}`, resource: table(input) }];
    return (input.TransactItems ?? []).flatMap((item) =>
      Object.entries(item).map(([kind, each]) => ({
        action: `dynamodb:${kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`}`,
        resource: table(each),
      })),
    );
  }

  #arns = (): string[] => [...this.#physical.values()].map(({ attributes }) => attributes?.['Arn'] ?? '');
}

/** `*` in a policy's resource stands for anything. */
const covers = (granted: string, resource: string): boolean =>
  granted.endsWith('*') ? resource.startsWith(granted.slice(0, -1)) : granted === resource;
