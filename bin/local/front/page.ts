import { readFile } from 'node:fs/promises';
import { type Answer, problem } from '../http.ts';

const FOLDER = new URL('../console/', import.meta.url);
const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

// Text from events is hostile: whatever the page forgot to escape must not run either.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/** A file of the console page: `/` is its index, `/console/<name>` the rest. */
export async function pageFile(path: string): Promise<Answer> {
  const name = path === '/' ? 'index.html' : path.slice('/console/'.length);
  const type = TYPES[name.slice(name.lastIndexOf('.') + 1)];
  if (!/^[\w-]+\.[a-z]+$/.test(name) || type === undefined) return notFound(path);
  try {
    const body = await readFile(new URL(name, FOLDER));
    return {
      status: 200,
      headers: {
        'content-type': type,
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      },
      body,
    };
  } catch {
    return notFound(path);
  }
}

const notFound = (path: string): Answer => problem(404, 'Not found', `Nothing at ${path}.`);
