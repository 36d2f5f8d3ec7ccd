import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { BUNDLING, bundleHandlers, handlerNames } from '../../lib/bundles.ts';
import { environmentsOf } from './environments.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A function's bundle beside a bare handler that makes the same SDK clients and does nothing else. */
export interface MeasuredFunction {
  readonly name: string;
  readonly ours: Bundle;
  readonly floor: Bundle;
  /** Packages of the SDK clients, as `@aws-sdk/client-dynamodb`. */
  readonly clients: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Paths of the sources that the bundle is made of. */
  readonly inputs: readonly string[];
}

export interface Bundle {
  /** What Lambda imports. */
  readonly file: string;
  readonly bytes: number;
}

const CLIENTS: Readonly<Record<string, string>> = {
  '@aws-sdk/client-dynamodb': 'DynamoDBClient',
  '@aws-sdk/client-lambda': 'LambdaClient',
  '@aws-sdk/client-secrets-manager': 'SecretsManagerClient',
  '@aws-sdk/client-sfn': 'SFNClient',
  '@aws-sdk/client-sns': 'SNSClient',
  '@aws-sdk/client-sqs': 'SQSClient',
};

/** Bundles every handler as the stack does, and a floor for each. */
export function bundleAll(folder: string): MeasuredFunction[] {
  const ours = join(folder, 'ours');
  const floors = join(folder, 'floors');
  mkdirSync(floors, { recursive: true });
  const { outputs } = bundleHandlers(ours);
  const environments = environmentsOf();
  return handlerNames.map((name) => {
    const [, output] = Object.entries(outputs).find(([path]) => path.endsWith(`/${name}/index.js`)) ?? [];
    const inputs = Object.keys(output?.inputs ?? {});
    const clients = Object.keys(CLIENTS).filter((client) =>
      inputs.some((input) => input.includes(`node_modules/${client}/`)),
    );
    return {
      name,
      ours: { ...bundle(join(ours, name, 'index.js')), bytes: bytesIn(join(ours, name)) },
      floor: floorWith(clients, floors),
      clients,
      environment: environments.get(name) ?? {},
      inputs,
    };
  });
}

function floorWith(clients: readonly string[], folder: string): Bundle {
  const file = join(folder, `${clients.map((client) => client.replace(/^.*-/, '')).join('-')}.js`);
  const source = [
    ...clients.map((client) => `import { ${CLIENTS[client] ?? ''} } from '${client}';`),
    `export const clients = [${clients.map((client) => `new ${CLIENTS[client] ?? ''}({})`).join(', ')}];`,
    'export const handler = async () => ({ statusCode: 202 });',
  ].join('\n');
  buildSync({ ...BUNDLING, stdin: { contents: source, resolveDir: ROOT }, outfile: file });
  return bundle(file);
}

/** All that Lambda unpacks for a function. */
const bytesIn = (folder: string): number =>
  readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);

const bundle = (file: string): Bundle => ({ file, bytes: statSync(file).size });
