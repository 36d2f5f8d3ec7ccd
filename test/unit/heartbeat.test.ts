import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { incidentItem } from '../../lambdas/aws/items.ts';
import type { ExecutionState } from '../../lambdas/domain/audit.ts';
import { updateJobs } from '../../lambdas/domain/announcement.ts';
import { envelopeOf, incidentOf, workflowInput } from '../../lambdas/domain/envelope.ts';
import { HEARTBEAT_POLICY, isHeartbeat } from '../../lambdas/domain/heartbeat.ts';
import { SEVERITIES, SeverityRuleSchema } from '../../lambdas/domain/severity.ts';
import { HeartbeatApi, heartbeatToken } from '../../lambdas/runtime/heartbeat-api.ts';
import { beat } from '../../lambdas/runtime/heartbeat.ts';
import { incidentWith } from '../contract/support/incident.ts';

const ID = '018f6b1e-0000-7000-8000-000000000000';
const HEARTBEAT = incidentOf(
  envelopeOf(incidentWith().event, HEARTBEAT_POLICY, { correlationId: ID, receivedAt: new Date() }),
);

describe('a heartbeat', () => {
  it('has no channel and no page, whatever severity it says', () => {
    for (const severity of SEVERITIES)
      expect(HEARTBEAT_POLICY[severity]).toMatchObject({ channels: [], page: false });
    expect(HEARTBEAT.deliveries).toEqual([]);
    expect(updateJobs(HEARTBEAT)).toEqual([]);
    const url = { urgent: 'https://sqs.example/u', standard: 'https://sqs.example/s' };
    const input: unknown = JSON.parse(
      workflowInput(HEARTBEAT, { slack: url, discord: url, zapier: url, pagerduty: url }),
    );
    expect(input).toMatchObject({ deliveries: [] });
  });

  it('is told by a rule that no operator can set', () => {
    expect(isHeartbeat(HEARTBEAT)).toBe(true);
    expect(SeverityRuleSchema.safeParse(HEARTBEAT.rule).success).toBe(false);
    expect(isHeartbeat(incidentWith())).toBe(false);
  });

  it('has the workflow wait, and is in no list', () => {
    const item = incidentItem(HEARTBEAT, { expiresAt: 0, watchAt: '' });
    expect(item['page']).toEqual({ BOOL: true });
    for (const indexed of ['received_on', 'watch', 'watch_at']) expect(item).not.toHaveProperty(indexed);
  });
});

describe('a beat', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** The API, with what it answers to a raise and to an acknowledgement. */
  async function api(raised: number, acknowledged = 200) {
    const seen: string[] = [];
    server = createServer((request, response) => {
      seen.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? ''}`);
      const isAck = request.url?.endsWith('/ack') === true;
      response.writeHead(isAck ? acknowledged : raised).end(JSON.stringify({ correlation_id: ID }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { seen, api: new HeartbeatApi(`http://127.0.0.1:${port}/`, () => Promise.resolve('t')) };
  }

  /** A clock that every pause moves on. */
  function world(over: { parked?: boolean; execution?: ExecutionState } = {}) {
    let now = 0;
    return {
      incident: () =>
        Promise.resolve(over.parked === false ? HEARTBEAT : { ...HEARTBEAT, task_token: 'token' }),
      execution: () => Promise.resolve(over.execution ?? ({ status: 'succeeded' } as const)),
      now: () => new Date(now),
      pause: (ms: number) => Promise.resolve((now += ms)),
    };
  }

  it('that comes back has raised and acknowledged, as a sender', async () => {
    const { api: client, seen } = await api(202);
    expect(await beat({ api: client, ...world() })).toMatchObject({ returned: true, correlation_id: ID });
    expect(seen).toEqual(['POST /events/incidents Bearer t', `POST /incidents/${ID}/ack Bearer t`]);
  });

  const RUNNING = { status: 'running', startedAt: '' } as const;
  it.each([
    ['raise', 'is not accepted', 503, 200, {}],
    ['raise', 'is taken for a duplicate', 200, 200, {}],
    ['wait', 'is waited for by no workflow', 202, 200, { parked: false }],
    ['acknowledge', 'cannot be acknowledged', 202, 500, {}],
    ['finish', 'never ends', 202, 200, { execution: RUNNING }],
    ['finish', 'ends badly', 202, 200, { execution: { status: 'failed' as const } }],
  ])('is lost at "%s" when it %s', async (step, _, raised, acknowledged, over) => {
    const { api: client } = await api(raised, acknowledged);
    expect(await beat({ api: client, ...world(over) })).toMatchObject({ returned: false, step });
  });
});

describe('its token', () => {
  it('is that of the sender called heartbeat', () => {
    expect(heartbeatToken({ other: 'o', heartbeat: ['new', 'old'] })).toBe('new');
    expect(() => heartbeatToken({ other: 'o' })).toThrow('npm run ops -- configure');
  });
});
