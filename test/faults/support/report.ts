import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from './findings.ts';

export async function report(folder: string): Promise<void> {
  const findings: Finding[] = [];
  for (const file of await readdir(folder)) {
    const lines = (await readFile(join(folder, file), 'utf8')).trim().split('\n');
    findings.push(...lines.map((line) => JSON.parse(line) as Finding));
  }
  console.log(findings.length);
}
