import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { BUNDLING } from '../../../lib/bundles.ts';

const LAMBDAS = fileURLToPath(new URL('../../../lambdas/', import.meta.url));

/** A bug put into the code on purpose: in this file, the first text becomes the second. */
export interface Patch {
  /** Below `lambdas/`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Bundles handlers with bugs in them, laid out as the stack's own bundles are.
 *
 * @throws Error when a patch no longer fits the code: it would prove nothing
 */
export async function bundleWithBugs(
  folder: string,
  handlers: readonly string[],
  patches: readonly Patch[],
): Promise<void> {
  await build({
    ...BUNDLING,
    absWorkingDir: LAMBDAS,
    entryPoints: handlers.map((name) => ({ in: `handlers/${name}.ts`, out: `${name}/index` })),
    external: ['#tracing'],
    outdir: folder,
    plugins: [planted(patches)],
  });
}

const planted = (patches: readonly Patch[]): Plugin => ({
  name: 'planted-bugs',
  setup(esbuild) {
    const met = new Set<Patch>();
    esbuild.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const here = patches.filter(({ file }) => LAMBDAS + file === path);
      if (here.length === 0) return undefined;
      let contents = await readFile(path, 'utf8');
      for (const patch of here) {
        if (!contents.includes(patch.from)) throw new Error(`${patch.file} does not contain: ${patch.from}`);
        contents = contents.replace(patch.from, () => patch.to);
        met.add(patch);
      }
      return { contents, loader: 'ts' };
    });
    esbuild.onEnd(() => {
      const missed = patches.filter((patch) => !met.has(patch)).map(({ file }) => file);
      if (missed.length > 0) throw new Error(`No bundle contains ${missed.join(', ')}`);
    });
  },
});
