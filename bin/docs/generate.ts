import { mkdir, writeFile } from 'node:fs/promises';
import { eventSchema } from './event-schema.ts';
import { openApi } from './openapi.ts';

/** Documents made from the code, by file name under docs/generated/. `npm run docs` writes them. */
export const GENERATED: Readonly<Record<string, () => object>> = {
  'event.schema.json': eventSchema,
  'openapi.json': openApi,
};

export const FOLDER = new URL('../../docs/generated/', import.meta.url);

export const rendered = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;

if (import.meta.main) {
  await mkdir(FOLDER, { recursive: true });
  for (const [name, make] of Object.entries(GENERATED))
    await writeFile(new URL(name, FOLDER), rendered(make()));
}
