import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';

const lambdas = fileURLToPath(new URL('../lambdas/', import.meta.url));
const handlers = join(lambdas, 'handlers');

/** Names of the handlers in `lambdas/handlers/`. */
export const handlerNames: readonly string[] = readdirSync(handlers)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.env.ts'))
  .map((file) => file.slice(0, -'.ts'.length));

/** A handler's code, as a bundle that needs nothing beside it; unbundled where the stack asks for no bundling. */
export function codeOf(scope: Construct, name: string): Code {
  if (!handlerNames.includes(name)) {
    throw new Error(`No handler for the function "${name}": lambdas/handlers/${name}.ts does not exist`);
  }
  return Code.fromAsset(Stack.of(scope).bundlingRequired ? join(bundles(), name) : handlers);
}

/** How code is bundled for Lambda, whatever the code. docs/adr/0020-what-the-bundles-leave-out.md has the figures. */
export const BUNDLING = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  // Node loads undici, a quarter of a cold start, for whoever imports node:http as ESM; not for who requires it.
  format: 'cjs',
  supported: { 'dynamic-import': false },
  // Most packages offer ESM beside CommonJS, and only ESM can be tree-shaken.
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  // No source maps: they are four times the code, and Node parses them at every cold start. Names stay in stacks.
  keepNames: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;

const shim = (name: string): string => join(lambdas, 'shims', `${name}.ts`);
const unusedCredentials = shim('unused-credential-providers');

/** Packages that others drag in and that nothing here ever calls, with what takes their place. */
const REPLACED = {
  '@aws-sdk/credential-provider-ini': unusedCredentials,
  '@aws-sdk/credential-provider-process': unusedCredentials,
  '@aws-sdk/credential-provider-sso': unusedCredentials,
  '@aws-sdk/credential-provider-web-identity': unusedCredentials,
  '@smithy/core/event-streams': shim('no-event-streams'),
  '@smithy/credential-provider-imds': unusedCredentials,
  'cls-hooked/context': shim('xray-context'),
  'mnemonist/lru-cache': shim('endpoint-cache'),
  semver: shim('no-semver'),
};

/** Beside each bundle, so that Node parses it only when it is asked for. */
const TRACING = { imports: { '#tracing': './tracing.js' } };

/**
 * Bundles all handlers in one run of esbuild, which parses the AWS SDK once: 2 s, where CDK's NodejsFunction takes
 * 1.2 s for each.
 *
 * @param folder gets one folder a handler, whose `index.js` needs nothing but what lies beside it
 * @returns what each bundle is made of
 */
export function bundleHandlers(folder: string): Metafile {
  const { metafile } = buildSync({
    ...BUNDLING,
    absWorkingDir: lambdas,
    entryPoints: handlerNames.flatMap((name) => [
      { in: `handlers/${name}.ts`, out: `${name}/index` },
      { in: 'runtime/tracing.ts', out: `${name}/tracing` },
    ]),
    external: Object.keys(TRACING.imports),
    alias: REPLACED,
    outdir: folder,
    metafile: true,
  });
  for (const name of handlerNames) {
    writeFileSync(join(folder, name, 'package.json'), JSON.stringify(TRACING));
  }
  return metafile;
}

let folder: string | undefined;

/** The bundles of this run, made when the first is asked for. */
function bundles(): string {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(join(tmpdir(), 'incident-orchestrator-bundles-'));
  // CDK has copied them into its own output by then.
  process.once('exit', () => {
    rmSync(made, { recursive: true, force: true });
  });
  bundleHandlers(made);
  return (folder = made);
}
