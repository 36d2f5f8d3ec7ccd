import type { Progress } from '../local/progress.ts';
import { coldStarts, tracerLoads } from './cold-start.ts';
import { counted, kilobytes, paired, type Figure } from './figure.ts';
import { bundleAll } from './functions.ts';
import { warmPath } from './warm-path.ts';

/** Counted repetitions: enough for the quartiles to stand still on a machine that also does other things. */
const REPETITIONS = { cold: 15, warm: 60 };

/** What can be measured of the functions' code alone, without an engine. */
export async function codeFigures(folder: string, progress: Progress): Promise<Figure[]> {
  const functions = await progress.step('Bundles', () => Promise.resolve(bundleAll(folder)));
  const figures: Figure[] = [];
  await progress.step('Cold start', async (note) => {
    for (const each of functions) {
      note(each.name);
      const pairs = await coldStarts(each, REPETITIONS.cold);
      figures.push(paired('Cold start: time', each.name, pairs, 1.15));
    }
  });
  const ingest = functions.find(({ name }) => name === 'ingest-incident');
  if (ingest === undefined) throw new Error('There is no ingest-incident');
  await progress.step('The tracer', async () => {
    const pairs = await tracerLoads(ingest, REPETITIONS.cold);
    figures.push(paired('Cold start: time', 'loading the tracer, when first sampled', pairs, undefined));
  });
  for (const { name, ours, floor } of functions) {
    const bytes = { ours: ours.bytes, floor: floor.bytes, show: kilobytes };
    figures.push(counted('Cold start: size', name, bytes, 1.5));
  }
  await progress.step('Warm path', async () => {
    const pairs = await warmPath(ingest, folder, REPETITIONS.warm);
    figures.push(paired('Warm path', 'CPU per accepted incident', pairs, 1.25));
  });
  return figures;
}
