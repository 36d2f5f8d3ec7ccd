import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleAll } from '../../bin/bench/functions.ts';

const folder = mkdtempSync(join(tmpdir(), 'budget-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const functions = bundleAll(folder);

describe.each(functions)('$name', ({ ours, floor, inputs }) => {
  it('weighs at most 1.5 times a bare handler with the same SDK clients', () => {
    expect(ours.bytes / floor.bytes).toBeLessThanOrEqual(1.5);
  });

  it('carries nothing that it never uses', () => {
    const unwanted =
      /node_modules\/(zod\/v4\/(classic|locales\/(?!en\.))|semver|cls-hooked|aws-xray-sdk-core|mnemonist|@aws-sdk\/nested-clients)\//;
    expect(inputs.filter((input) => unwanted.test(input))).toEqual([]);
  });

  it('finds the tracer beside it, and asks for it only when it is needed', () => {
    const { imports } = JSON.parse(readFileSync(join(dirname(ours.file), 'package.json'), 'utf8')) as {
      imports: Record<string, string>;
    };
    expect(imports).toEqual({ '#tracing': './tracing.js' });
    expect(readFileSync(join(dirname(ours.file), 'tracing.js'), 'utf8')).toContain('AWSXRay');
    const code = readFileSync(ours.file, 'utf8');
    const later = code.match(/Promise\.resolve\(\)\.then\(.{0,60}require\("#tracing"\)/g);
    expect(later?.length).toBe(code.match(/"#tracing"/g)?.length);
  });
});
