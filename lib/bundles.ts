import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';

const handlers = fileURLToPath(new URL('../lambdas/handlers/', import.meta.url));

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

/** How code is bundled for Lambda, whatever the code. */
export const BUNDLING = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // Most packages offer ESM beside CommonJS, and only ESM can be tree-shaken.
  mainFields: ['module', 'main'],
  // CommonJS packages inside an ESM bundle still call require() for Node's own modules.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  outExtension: { '.js': '.mjs' },
  minify: true,
  legalComments: 'none',
  // No source maps: they are four times the code, and Node parses them at every cold start. Names stay in stacks.
  keepNames: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;

/**
 * Bundles all handlers in one run of esbuild, which parses the AWS SDK once: 2 s, where CDK's NodejsFunction takes
 * 1.2 s for each of the fifteen.
 *
 * @param folder gets one folder a handler, with an `index.mjs` that needs nothing beside it
 * @returns what each bundle is made of
 */
export function bundleHandlers(folder: string): Metafile {
  const { metafile } = buildSync({
    ...BUNDLING,
    absWorkingDir: handlers,
    entryPoints: handlerNames.map((name) => ({ in: `${name}.ts`, out: `${name}/index` })),
    outdir: folder,
    metafile: true,
  });
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
