import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  DOCUMENT,
  readWorkflow,
  transitions,
  withDiagram,
  workflowDiagram,
} from '../../../bin/docs/workflow-diagram.ts';
import { OLDEST_MESSAGE_SECONDS as PATIENCE } from '../../../bin/ops/doctor/queues.ts';
import { ALARM_KINDS, OLDEST_MESSAGE_SECONDS, RUNBOOK } from '../../../lib/alarms.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const runbook = readFileSync(DOCUMENT, 'utf8');
/** Anchors as GitHub makes them. */
const anchors = [...runbook.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-'),
);

describe(RUNBOOK, () => {
  it.each(Object.keys(ALARM_KINDS))('has a section of the name of the alarm %s', (kind) => {
    expect(runbook).toMatch(new RegExp(`^### ${kind}$`, 'm'));
    expect(anchors).toContain(kind);
  });

  it('has every section that something points to', () => {
    const files = ['lib', 'lambdas', 'bin', 'docs', 'statemachines'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(ts|md|json)$/.test(file))
        .map((file) => join(root, folder, file)),
    );
    const pointers = [...files, join(root, 'README.md')].flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/automation\.md#([a-z][a-z0-9-]*)/g)].map(
        ([, anchor]) => anchor,
      ),
    );
    const own = [...runbook.matchAll(/\]\(#([a-z0-9-]+)\)/g)].map(([, anchor]) => anchor);
    expect(pointers.length).toBeGreaterThan(0);
    expect([...new Set([...pointers, ...own])].filter((anchor) => !anchors.includes(anchor ?? ''))).toEqual(
      [],
    );
  });

  it('has no section twice', () => {
    expect(anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index)).toEqual([]);
  });

  it('runs every command but those that only AWS has', () => {
    const notRun = [...runbook.matchAll(/^```(?:sh|bash|shell|console)\n([^]*?)^```$/gm)].map(
      ([, text = '']) => text,
    );
    for (const text of notRun) expect(text).toMatch(/^(aws|npx cdk|npm run deploy|cd |npm ci)/);
  });

  it('shows the workflow as it is (npm run docs draws it)', async () => {
    expect(withDiagram(runbook, workflowDiagram(await readWorkflow()))).toBe(runbook);
  });

  it('explains every path of the workflow', async () => {
    for (const { from, to, errors } of transitions(await readWorkflow())) {
      const arrow = `\`${from}\` → \`${to}\``;
      expect(runbook, `${arrow} ${errors.join()}`).toContain(`| ${arrow} `);
      for (const error of errors) expect(runbook).toContain(`\`${error}\``);
    }
  });
});

it('doctor is as patient as the alarm', () => {
  expect(PATIENCE).toEqual(OLDEST_MESSAGE_SECONDS);
});
