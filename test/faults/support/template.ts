import { readFileSync } from 'node:fs';
import { type Grant, grantsTo } from '../../support/grants.ts';
import type { Resource } from '../../support/resources.ts';

type Tree = Readonly<Record<string, unknown>>;

/** What a resource is called once it is made. */
export interface Physical {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** The synthesised stack, read for what the tests make of it themselves. */
export class StackTemplate {
  readonly #resources: Record<string, Resource>;

  constructor(file: string) {
    this.#resources = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Resource>;
  }

  ofType(type: string): [id: string, properties: Tree][] {
    return Object.entries(this.#resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, { Properties }]) => [id, Properties]);
  }

  /** Routes of the API, as `POST /events/incidents`, with the name of the handler behind each. */
  routes(): Map<string, string> {
    const routes = this.ofType('AWS::ApiGatewayV2::Route').map(([, { RouteKey, Target }]) => {
      const integration = mentioned(Target);
      const fn = mentioned(this.#resources[integration]?.Properties['IntegrationUri']);
      return [String(RouteKey), this.handlerOf(fn)] as const;
    });
    return new Map(routes);
  }

  /** Functions that are handlers: CDK's own have no name. */
  #handlers = () => this.ofType('AWS::Lambda::Function').filter(([, { FunctionName }]) => FunctionName);

  /** Environment of each handler, by the handler's name. */
  environments(physical: ReadonlyMap<string, Physical>): Map<string, Record<string, string>> {
    const environments = this.#handlers().map(([id, { Environment }]) => {
      const variables = ((Environment as Tree | undefined)?.['Variables'] ?? {}) as Tree;
      const resolved = Object.entries(variables).map(([name, value]) => [name, resolve(value, physical)]);
      return [this.handlerOf(id), Object.fromEntries(resolved) as Record<string, string>] as const;
    });
    return new Map(environments);
  }

  /** Seconds that each handler has, by its name. */
  timeouts(): Map<string, number> {
    return new Map(this.#handlers().map(([id, { Timeout }]) => [this.handlerOf(id), Number(Timeout)]));
  }

  /** What the role of each handler allows, by the handler's name. */
  grants(): Map<string, Grant[]> {
    return new Map(
      this.#handlers().map(([id]) => {
        const fn = this.#resources[id];
        return [this.handlerOf(id), fn === undefined ? [] : grantsTo(this.#resources, fn)] as const;
      }),
    );
  }

  /** The event source mappings: which handler reads what, and how. */
  mappings(): { handler: string; source: string; properties: Tree }[] {
    return this.ofType('AWS::Lambda::EventSourceMapping').map(([, properties]) => ({
      handler: this.handlerOf(mentioned(properties['FunctionName'])),
      source: mentioned(properties['EventSourceArn']),
      properties,
    }));
  }

  handlerOf(functionId: string): string {
    const name = String(this.#resources[functionId]?.Properties['FunctionName']);
    const role = this.#resources[functionId]?.Type === 'AWS::Lambda::Function';
    if (!role) throw new Error(`No function ${functionId} in the template`);
    return name.replace('incident-orchestrator-', '');
  }
}

/** The logical id that a value refers to, wherever in it. */
export function mentioned(value: unknown): string {
  const text = JSON.stringify(value);
  const id = /"(?:Ref|Fn::GetAtt)":\[?"([^"]+)"/.exec(text)?.[1];
  if (id === undefined) throw new Error(`Refers to nothing: ${text}`);
  return id;
}

/** A template's value as CloudFormation would resolve it, or an empty text for what the tests do not make. */
export function resolve(value: unknown, physical: ReadonlyMap<string, Physical>): string {
  if (typeof value === 'string') return value;
  const [[operation, operand] = ['', undefined]] = Object.entries(value as Tree);
  switch (operation) {
    case 'Ref':
      return physical.get(String(operand))?.ref ?? '';
    case 'Fn::GetAtt': {
      const [id = '', attribute = ''] = operand as string[];
      return physical.get(id)?.attributes?.[attribute] ?? '';
    }
    case 'Fn::Join': {
      const [separator, parts] = operand as [string, unknown[]];
      return parts.map((part) => resolve(part, physical)).join(separator);
    }
    default:
      throw new Error(`Not resolved here: ${JSON.stringify(value)}`);
  }
}
