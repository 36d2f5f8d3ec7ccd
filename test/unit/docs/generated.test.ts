import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FOLDER, GENERATED, rendered } from '../../../bin/docs/generate.ts';

describe('docs/generated', () => {
  it.each(Object.entries(GENERATED))(
    '%s is what the code says now (npm run docs writes it)',
    (name, make) => {
      expect(readFileSync(new URL(name, FOLDER), 'utf8')).toBe(rendered(make()));
    },
  );
});
