import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeFigures } from './bench/code-figures.ts';
import { engineFigures } from './bench/engine-figures.ts';
import { passes } from './bench/figure.ts';
import { report } from './bench/report.ts';
import { textTable } from './bench/table.ts';
import { talkative } from './local/progress.ts';

// Measures everything, prints the table and writes docs/performance.md. A miss is told there, and is no failure here.
const folder = await mkdtemp(join(tmpdir(), 'bench-'));
const progress = talkative(process.stderr);
try {
  const code = await codeFigures(folder, progress);
  const { figures, costs } = await engineFigures(folder, progress);
  const all = [...code, ...figures];
  console.log(textTable(all));
  const missed = all.filter((figure) => !passes(figure)).length;
  console.log(`\n${all.length} figures, ${missed} missed`);
  await writeFile(new URL('../docs/performance.md', import.meta.url), report(all, costs, new Date()));
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
