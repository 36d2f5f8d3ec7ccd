import { describe, expect, it } from 'vitest';
import { functionEntries, incidentLinks } from '../../../bin/ops/incidents/links.ts';
import type { Target } from '../../../bin/ops/target/target.ts';

const ID = '01a20930-7fe8-7787-80d4-875c9d61e2ec';
const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:prod-incident-escalation';
const aws: Target = { kind: 'aws', stackName: 'prod', label: 'AWS', deployCommand: 'npm run deploy' };

describe('links of an incident on AWS', () => {
  const links = incidentLinks(aws, MACHINE, ID);

  it('name its execution', () => {
    expect(links.execution_arn).toBe(
      `arn:aws:states:eu-central-1:123456789012:execution:prod-incident-escalation:${ID}`,
    );
    expect(decodeURIComponent(links.execution)).toContain(links.execution_arn);
  });

  it('ask Logs Insights over the log groups of all functions', () => {
    const [, encoded = ''] = links.logs.split('#logsV2:logs-insights');
    const once = decodeURIComponent(encoded.replaceAll('$', '%'));
    const detail = decodeURIComponent(once.slice('?queryDetail='.length));
    const plain = detail.replaceAll('*', '%');
    expect(decodeURIComponent(plain)).toContain(links.logs_query);
    for (const entry of functionEntries())
      expect(decodeURIComponent(plain)).toContain(`~'/aws/lambda/prod-${entry}`);
  });

  it('filter traces by the annotation', () => {
    expect(decodeURIComponent(links.traces)).toContain(`annotation.correlation_id = "${ID}"`);
  });
});
