import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { engineCredentials } from '../../bin/local/environment.ts';
import { incidentLinks } from '../../bin/ops/incidents/links.ts';
import { readIncidentRecord } from '../../lambdas/aws/timeline.ts';
import { eventually, Orchestrator, type ProviderRequest } from './support/orchestrator.ts';
import { opsCli } from './support/ops-cli.ts';

type Tree = Readonly<Record<string, unknown>>;

const page = readFileSync(new URL('../../docs/correlation-id.md', import.meta.url), 'utf8');
/** The first column of the page's table. */
const rows = [...page.matchAll(/^\| ([a-zA-Z][^|]*?) +\|/gm)]
  .map(([, name = '']) => name)
  .filter((name) => name !== 'where');

/** In whole seconds: acknowledged late, so that the page is out as well. */
const WINDOW_SECONDS = 4;
let orchestrator: Orchestrator;
let id = '';
let answer: Response;

beforeAll(async () => {
  orchestrator = await Orchestrator.start({
    ackTimeoutSeconds: WINDOW_SECONDS,
    // One try, so that what Discord refuses is a dead letter soon.
    overrides: { retry: { discord: { tries: 1, base_seconds: 0.1, cap_seconds: 1 } } },
  });
  const { url, apiToken } = orchestrator.stack;
  const event = { event_id: 'e-1', incident_id: 'i-1', severity: 'sev1', summary: 'Checkout is down' };
  answer = await fetch(`${url}/events/incidents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(event),
  });
  id = String(((await answer.clone().json()) as Tree)['correlation_id']);
  await orchestrator.untilDelivered(id, 'slack', 'discord', 'zapier-jira', 'zapier-finance', 'pagerduty');
  await orchestrator.sim('POST', 'zapier/finish', { correlation_id: id, zap: 'jira' });
  await orchestrator.click('slack', id, 'ada');
  await eventually(
    'the thread tells who has it',
    () => sent('slack', '/chat.postMessage'),
    (all) => all.length > 2,
  );
  await eventually(
    'the Discord thread does too',
    () => sent('discord', '/messages', 'POST'),
    (all) => all.length > 2,
  );
});
afterAll(() => orchestrator.stack.stop());

/** Bodies of what a provider was sent about the incident. */
async function sent(
  provider: 'slack' | 'discord' | 'zapier' | 'pagerduty',
  path: string,
  method = 'POST',
): Promise<Tree[]> {
  const all = await orchestrator.received(provider, id);
  return all.filter((each) => each.path.endsWith(path) && each.method === method).map(bodyOf);
}

/** Slack's client sends forms, in which what is structured is JSON text. */
function bodyOf({ body }: ProviderRequest): Tree {
  if (typeof body !== 'string')
    return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, structured(value)]));
  return Object.fromEntries([...new URLSearchParams(body)].map(([key, value]) => [key, structured(value)]));
}
const structured = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
};

const clientOptions = () => {
  const { engineEndpoint: endpoint, region, account } = orchestrator.stack;
  return { endpoint, region, credentials: engineCredentials(account) };
};

/** What each place has of the incident; the names are the page's. */
const PLACES: Readonly<Record<string, () => Promise<void>>> = {
  API: async () => {
    expect(answer.headers.get('location')).toBe(`/incidents/${id}`);
    expect((await orchestrator.api('GET', `/incidents/${id}`)).body['correlation_id']).toBe(id);
  },
  'Slack message': async () => {
    const [message] = await sent('slack', '/chat.postMessage');
    expect(message?.['metadata']).toMatchObject({
      event_type: 'incident',
      event_payload: { correlation_id: id },
    });
    const blocks = message?.['blocks'] as Tree[];
    expect(blocks.at(-1)).toMatchObject({
      type: 'context',
      elements: [{ text: `Correlation id \`${id}\`` }],
    });
    expect(blocks).toContainEqual(
      expect.objectContaining({ type: 'actions', elements: [expect.objectContaining({ value: id })] }),
    );
  },
  'Slack thread': async () => {
    const replies = (await sent('slack', '/chat.postMessage')).filter((each) => 'thread_ts' in each);
    expect(replies.length).toBeGreaterThan(1);
    for (const { metadata } of replies) {
      expect(metadata).toMatchObject({ event_type: 'incident_fact', event_payload: { correlation_id: id } });
    }
  },
  'Discord message': async () => {
    const [message] = await sent('discord', '/messages');
    expect(message).toMatchObject({
      embeds: [{ footer: { text: `Correlation id ${id}` } }],
      components: [{ components: [{ custom_id: `ack:${id}` }] }],
    });
  },
  'Discord thread': async () => {
    const [, ...told] = await sent('discord', '/messages');
    for (const each of told) {
      const [embed] = each['embeds'] as { footer: { text: string } }[];
      expect(embed?.footer.text).toMatch(new RegExp(`^Correlation id ${id} · fact \\d+$`));
    }
  },
  'Zap payload': async () => {
    const keys = (await sent('zapier', '/')).map((each) => [each['correlation_id'], each['idempotency_key']]);
    expect(keys.sort()).toEqual([
      [id, `${id}:zapier-finance`],
      [id, `${id}:zapier-jira`],
    ]);
  },
  Jira: async () => {
    const [ticket] = (await sent('zapier', '/')).filter((each) => 'jira_labels' in each);
    expect(ticket?.['jira_labels']).toContain(id);
    expect(String(ticket?.['jira_description'])).toMatch(new RegExp(`Correlation id: ${id}$`));
  },
  'finance adjustment': async () => {
    const [adjustment] = (await sent('zapier', '/')).filter((each) => 'finance_reference' in each);
    expect(adjustment?.['finance_reference']).toBe(id);
  },
  'Zap callback': async () => {
    const { timeline } = await orchestrator.incident(id);
    expect(timeline).toContainEqual(expect.objectContaining({ step: 'zap_result', correlation_id: id }));
  },
  PagerDuty: async () => {
    const events = await sent('pagerduty', '/v2/enqueue');
    expect(events[0]).toMatchObject({
      event_action: 'trigger',
      dedup_key: id,
      payload: { custom_details: { correlation_id: id } },
    });
    await eventually(
      'the acknowledgement has the same key',
      () => sent('pagerduty', '/v2/enqueue'),
      (all) => all.some((each) => each['event_action'] === 'acknowledge' && each['dedup_key'] === id),
    );
  },
  'Step Functions': async () => {
    const target = {
      kind: 'local',
      stackName: 'incident-orchestrator',
      label: '',
      deployCommand: '',
    } as const;
    const { execution_arn: executionArn } = incidentLinks(
      target,
      orchestrator.stack.outputs.StateMachineArn,
      id,
    );
    const execution = await new SFNClient(clientOptions()).send(
      new DescribeExecutionCommand({ executionArn }),
    );
    expect(execution.name).toBe(id);
    expect(JSON.parse(execution.input ?? '')).toMatchObject({ correlation_id: id });
  },
  'queues, dead letters': async () => {
    await orchestrator.sim('PUT', 'discord/fault', { status: 403, path: '/messages' });
    const ops = opsCli(orchestrator.stack.port);
    await ops(['resolve', id]);
    const dead = async () =>
      (await ops(['replay', 'discord', '--dry-run', '--correlation-id', id, '--json'])).json;
    const { letters } = await eventually('a dead letter', dead, ({ would_move }) => Number(would_move) > 0);
    expect(letters).toContainEqual(expect.objectContaining({ correlation_id: id, kind: 'update' }));
    await orchestrator.sim('DELETE', 'discord/fault');
    await ops(['replay', 'discord', '--correlation-id', id, '--wait']);
  },
  logs: async () => {
    const lines = await logLines();
    const byFunction = new Set(lines.map(({ line }) => line['function_name']));
    for (const entry of [
      'ingest-incident',
      'slack-worker',
      'discord-worker',
      'zapier-worker',
      'pagerduty-worker',
      'slack-interactions',
    ]) {
      expect(byFunction).toContain(`incident-orchestrator-${entry}`);
    }
  },
  metrics: async () => {
    const measured = (await logLines()).filter(({ line }) => '_aws' in line);
    const names = measured.flatMap(({ line }) => Object.keys(line));
    for (const metric of [
      'IncidentsAccepted',
      'TimeToFirstNotification',
      'TimeToAcknowledge',
      'IncidentsEscalated',
      'StepDuration',
    ]) {
      expect(names).toContain(metric);
    }
    const dimensions = JSON.stringify(
      measured.map(({ line }) => (line['_aws'] as Tree)['CloudWatchMetrics']),
    );
    expect(dimensions).not.toContain('correlation_id');
  },
  traces: async () => {
    expect(await spanOf('notify slack')).toMatchObject({ annotations: { correlation_id: id } });
  },
  saga: async () => {
    const client = new DynamoDBClient(clientOptions());
    const record = await readIncidentRecord(client, orchestrator.stack.outputs.TableName, id);
    expect(new Set(record?.timeline.map((entry) => entry.correlation_id))).toEqual(new Set([id]));
    expect(record?.deliveries).toHaveLength(5);
  },
};

describe('docs/correlation-id.md', () => {
  it('has a row for every place that is looked at, and no other', () => {
    expect([...rows].sort()).toEqual(Object.keys(PLACES).sort());
  });

  it.each(Object.entries(PLACES))('%s', (_, look) => look());
});

describe('an answer to Slack', () => {
  it("is timed from the API's receipt of the click", async () => {
    const times = (await everyLogLine()).filter(({ line }) => line['route'] === 'POST /slack/interactions');
    const [time] = times.map(({ line }) => line['AnswerTime']);
    expect(time).toBeGreaterThanOrEqual(0);
    expect(time).toBeLessThan(30_000);
  });
});

/** What the functions logged with the correlation id as a field. */
const logLines = async () => (await everyLogLine()).filter(({ line }) => line['correlation_id'] === id);

/** What the functions logged, as CloudWatch Logs has it. */
async function everyLogLine(): Promise<{ readonly line: Tree }[]> {
  const { engineEndpoint, region, account } = orchestrator.stack;
  const call = async (operation: string, input: object) => {
    const response = await fetch(engineEndpoint, {
      method: 'POST',
      headers: {
        // The engine checks no signature; it takes region and service from here.
        authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/logs/aws4_request, SignedHeaders=host, Signature=0`,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `Logs_20140328.${operation}`,
      },
      body: JSON.stringify(input),
    });
    return (await response.json()) as Tree;
  };
  const { logGroups } = await call('DescribeLogGroups', {
    logGroupNamePrefix: '/aws/lambda/incident-orchestrator-',
  });
  const pages = await Promise.all(
    (logGroups as { logGroupName: string }[]).map(({ logGroupName }) =>
      call('FilterLogEvents', { logGroupName, limit: 10_000 }),
    ),
  );
  return pages
    .flatMap(({ events }) => events as { message: string }[])
    .flatMap(({ message }) => (message.startsWith('{') ? [{ line: JSON.parse(message) as Tree }] : []));
}

/** The engine has no X-Ray: the step's span is taken where X-Ray's daemon would get it. */
async function spanOf(step: string): Promise<Tree> {
  const daemon = createSocket('udp4');
  daemon.bind(0, '127.0.0.1');
  await once(daemon, 'listening');
  vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', `127.0.0.1:${daemon.address().port}`);
  vi.stubEnv('AWS_EXECUTION_ENV', 'AWS_Lambda_nodejs24.x');
  vi.stubEnv('LAMBDA_TASK_ROOT', '/var/task');
  vi.stubEnv(
    '_X_AMZN_TRACE_ID',
    `Root=1-5759e988-${'1'.padStart(24, '0')};Parent=557abcec3ee5a047;Sampled=1`,
  );
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
  try {
    const { tracedStep } = await import('../../lambdas/runtime/telemetry.ts');
    const arrived = once(daemon, 'message');
    await tracedStep(step, id, () => Promise.resolve());
    const [packet] = (await arrived) as [Buffer];
    return JSON.parse(packet.toString().split('\n')[1] ?? '') as Tree;
  } finally {
    vi.unstubAllEnvs();
    daemon.close();
  }
}
