import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** What the functions behind the HTTP API load of the channels. Cold starts are measured, and Slack waits 3 s. */
const API_SIDE = [
  ...['slack/signature', 'slack/interaction', 'slack/event', 'slack/callback-client', 'slack/acknowledgers'],
  ...[
    'discord/signature',
    'discord/interaction',
    'discord/response',
    'pagerduty/signature',
    'pagerduty/webhook',
  ],
];

test('nothing that answers a request loads @slack/web-api', async () => {
  const { metafile } = await build({
    entryPoints: API_SIDE.map((file) => `lambdas/channels/${file}.ts`),
    ...{ bundle: true, write: false, metafile: true, outdir: 'unused' },
    ...{ platform: 'node', format: 'esm', logLevel: 'error' },
  });
  const packages = Object.keys(metafile.inputs).flatMap(
    (file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
  );
  expect([...new Set(packages)]).toEqual(['zod']);
});
