import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Import {
  readonly from: string;
  /** A path from the root, or a package. */
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = ['bin', 'lib', 'lambdas'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file}`)
    .filter((file) => file.endsWith('.ts')),
);
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
const STATEMENT = /^(?:import|export) (type )?(?:[^;'"]*? from )?'([^']+)'|\bimport\('([^']+)'\)/gm;

/** Names of our own that package.json gives to files, such as `#tracing`. */
const { imports: named = {} } = JSON.parse(textOf('package.json')) as { imports?: Record<string, string> };

const imports: Import[] = files.flatMap((file) =>
  [...textOf(file).matchAll(STATEMENT)].map(([, type, fixed, dynamic]) => {
    const to = fixed ?? dynamic ?? '';
    const own = named[to];
    const path = to.startsWith('.') ? join(dirname(file), to) : own;
    return {
      from: file,
      to: path === undefined ? to : normalize(path),
      typeOnly: type !== undefined,
    };
  }),
);

/** What a folder may import: paths from the root, and packages. */
const MAY_IMPORT: Record<string, RegExp> = {
  'lambdas/domain/': /^(lambdas\/domain\/|zod(\/|$))/,
  // What takes a package's place in the bundles.
  'lambdas/shims/': /^node:/,
  'lambdas/channels/': /^(lambdas\/(channels|domain)\/|node:|@slack\/web-api$)/,
  // aws-lambda is types alone: the wire format of what AWS hands us.
  'lambdas/aws/': /^(lambdas\/(aws|domain)\/|node:|@aws-sdk\/|aws-lambda$)/,
  'lambdas/runtime/':
    /^(lambdas\/(runtime|channels|aws|domain)\/|node:|@aws-lambda-powertools\/|@middy\/core$|aws-lambda$|uuid$|@aws-sdk\/)/,
  'lambdas/handlers/':
    /^(lambdas\/(handlers|runtime|channels|aws|domain)\/|node:|@aws-sdk\/|@middy\/core$|aws-lambda$)/,
  'lib/':
    /^(lib\/|lambdas\/handlers\/[\w-]+\.env\.ts$|lambdas\/domain\/|lambdas\/runtime\/env\.ts$|node:|aws-cdk-lib(\/|$)|constructs$|esbuild$|zod\/mini$)/,
  'bin/': /./,
};

const wrong = (test: (each: Import) => boolean) =>
  imports.filter(test).map(({ from, to }) => `${from} imports ${to}`);

describe('imports', () => {
  it('are found', () => {
    expect(imports.length).toBeGreaterThan(200);
    expect(imports).toContainEqual({
      from: 'lib/settings.ts',
      to: 'lambdas/domain/severity.ts',
      typeOnly: false,
    });
  });

  it.each(Object.entries(MAY_IMPORT))('of %s point only downwards', (folder, allowed) => {
    expect(wrong(({ from, to }) => from.startsWith(folder) && !allowed.test(to))).toEqual([]);
  });

  it('of lib take nothing that runs from lambdas/runtime', () => {
    expect(
      wrong(
        ({ from, to, typeOnly }) => from.startsWith('lib/') && to.startsWith('lambdas/runtime/') && !typeOnly,
      ),
    ).toEqual([]);
  });

  it('of one channel name no other', () => {
    const channelOf = (path: string) => /^lambdas\/channels\/([\w-]+)\//.exec(path)?.[1];
    expect(
      wrong(({ from, to }) => {
        const [own, other] = [channelOf(from), channelOf(to)];
        return own !== undefined && other !== undefined && own !== other;
      }),
    ).toEqual([]);
  });

  it('name a handler from nowhere', () => {
    const handler = /^lambdas\/handlers\/(?!.*\.env\.ts$)/;
    expect(wrong(({ from, to }) => !from.startsWith('bin/') && handler.test(to))).toEqual([]);
  });

  it('go in no circle', () => {
    const next = Map.groupBy(
      imports.filter(({ typeOnly }) => !typeOnly),
      ({ from }) => from,
    );
    const done = new Set<string>();
    const circleFrom = (file: string, path: string[]): string[] | undefined => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
      if (done.has(file)) return undefined;
      for (const { to } of next.get(file) ?? []) {
        const circle = circleFrom(to, [...path, file]);
        if (circle !== undefined) return circle;
      }
      done.add(file);
      return undefined;
    };
    expect(files.flatMap((file) => circleFrom(file, []) ?? [])).toEqual([]);
  });
});

describe('the environment', () => {
  it('is read in one place, and by the command line', () => {
    const readers = files.filter((file) => /\bprocess\.env\b/.test(textOf(file)));
    expect(readers.filter((file) => !file.startsWith('bin/'))).toEqual(['lambdas/runtime/env.ts']);
  });
});
