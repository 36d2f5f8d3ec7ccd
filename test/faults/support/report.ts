import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import type { Finding } from './findings.ts';
import { reliabilityPage, SECTIONS } from './reliability-page.ts';

const PAGE = fileURLToPath(new URL('../../../docs/reliability.md', import.meta.url));

/**
 * Compares docs/reliability.md with what this run tried and found, and says what differs; or writes it when `WRITE_DOCS`
 * is set. A run of some of the tests only is not compared.
 */
export async function report(folder: string, options: { readonly partial: boolean }): Promise<void> {
  const findings = await findingsIn(folder);
  const sections = new Set(findings.map(({ section }) => section));
  const missing = SECTIONS.map(({ name }) => name).filter((name) => !sections.has(name));
  if (options.partial || missing.length > 0) return;
  const page = await format(reliabilityPage(findings), {
    ...(await resolveConfig(PAGE)),
    parser: 'markdown',
  });
  if (env['WRITE_DOCS'] !== undefined && env['WRITE_DOCS'] !== '') {
    await writeFile(PAGE, page);
    return;
  }
  const committed = await readFile(PAGE, 'utf8').catch(() => '');
  if (committed === page) return;
  const lines = new Set(committed.split('\n'));
  const different = page.split('\n').filter((line) => !lines.has(line));
  // Told, not failed: what must hold, the tests themselves have asserted.
  const news = different.slice(0, 20).join('\n');
  process.stderr.write(
    `docs/reliability.md is not what this run found. WRITE_DOCS=1 npm run test:faults writes it. New:\n${news}\n`,
  );
}

async function findingsIn(folder: string): Promise<Finding[]> {
  const files = await readdir(folder);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Finding),
  );
}
