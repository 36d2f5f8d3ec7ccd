import { mkdir, readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const LAMBDAS = fileURLToPath(new URL('../../../lambdas/', import.meta.url));

/** A bug put into the code on purpose: in this file, the first text becomes the second. */
export interface Patch {
  /** Below `lambdas/`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Names of the handlers there are. */
export async function handlerNames(): Promise<string[]> {
  const files = await readdir(`${LAMBDAS}handlers`);
  return files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.env.ts'))
    .map((file) => file.slice(0, -'.ts'.length));
}

/**
 * Bundles handlers as the stack does, but as CommonJS, so that each cold start can be given a module state, an
 * environment and a clock of its own (see cold-start.ts).
 */
export async function bundleHandlers(
  folder: string,
  options: { readonly only?: readonly string[]; readonly patches?: readonly Patch[] } = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = options.only ?? (await handlerNames());
  await build({
    absWorkingDir: LAMBDAS,
    entryPoints: names.map((name) => ({ in: `handlers/${name}.ts`, out: name })),
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    keepNames: true,
    logLevel: 'warning',
    plugins: options.patches === undefined ? [] : [planted(options.patches)],
  });
}

const planted = (patches: readonly Patch[]): Plugin => ({
  name: 'planted-bugs',
  setup(esbuild) {
    const files = new Set(patches.map(({ file }) => LAMBDAS + file));
    esbuild.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (!files.has(path)) return undefined;
      let contents = await readFile(path, 'utf8');
      for (const { file, from, to } of patches.filter((each) => LAMBDAS + each.file === path)) {
        // A bug that no longer fits the code would prove nothing.
        if (!contents.includes(from)) throw new Error(`${file} no longer contains: ${from}`);
        contents = contents.replace(from, () => to);
      }
      return { contents, loader: 'ts' };
    });
  },
});
