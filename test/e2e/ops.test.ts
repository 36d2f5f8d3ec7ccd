import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineCredentials } from '../../bin/local/environment.ts';
import { clientsFor } from '../../bin/ops/target/clients.ts';
import { callJsonApi, CLOUDWATCH } from '../../bin/ops/target/signed.ts';
import { resolveTarget } from '../../bin/ops/target/target.ts';
import { BreakerStore } from '../../lambdas/aws/breaker-store.ts';
import { closed, opened } from '../../lambdas/domain/breaker.ts';
import { eventually, Orchestrator, textOf } from './support/orchestrator.ts';
import { opsCli, type OpsOutcome } from './support/ops-cli.ts';

/** One try, so that what Discord refuses is a dead letter within seconds. */
const retry = { discord: { tries: 1, base_seconds: 0.1, cap_seconds: 1 } };

let orchestrator: Orchestrator;
let ops: (args: readonly string[], input?: string) => Promise<OpsOutcome>;
beforeAll(async () => {
  orchestrator = await Orchestrator.start({ ackTimeoutSeconds: 600, overrides: { retry } });
  ops = opsCli(orchestrator.stack.port);
});
afterAll(() => orchestrator.stack.stop());

const run = (line: string, input?: string) => ops(line.split(' '), input);
const clientOptions = () => {
  const { engineEndpoint: endpoint, region, account } = orchestrator.stack;
  return { endpoint, region, credentials: engineCredentials(account) };
};

interface Finding {
  readonly area: string;
  readonly level: string;
  readonly found: string;
  readonly mend?: string;
}
/** What doctor finds wrong, and whether its exit code says so. */
async function wrong(args = ''): Promise<Finding[]> {
  const { code, json } = await run(`doctor --json${args}`);
  const found = (json['findings'] as Finding[]).filter(({ level }) => level === 'wrong');
  expect(code).toBe(found.length === 0 ? 0 : 1);
  return found;
}
const untilWell = () =>
  eventually(
    'all is well',
    () => wrong(),
    (found) => found.length === 0,
  );

describe('npm run ops', () => {
  it('is a program with exit codes', async () => {
    const program = fileURLToPath(new URL('../../bin/ops.ts', import.meta.url));
    const start = (...args: string[]) =>
      promisify(execFile)(process.execPath, [program, ...args], {
        env: { ...process.env, PORT: String(orchestrator.stack.port) },
      });
    expect((await start('breaker')).stdout).toMatch(/^CHANNEL/);
    await expect(start('breaker', '--nonsense')).rejects.toMatchObject({ code: 2 });
    await expect(start('breaker', '--stack', 'nowhere')).rejects.toMatchObject({ code: 1 });
  });

  it('says what it talks to', async () => {
    expect((await run('breaker')).err).toContain(`local run at ${orchestrator.stack.url}`);
  });
});

describe('doctor', () => {
  it('finds nothing wrong with a fresh deployment, and notifies nobody', async () => {
    expect(await wrong()).toEqual([]);
    expect(await orchestrator.received('pagerduty', 'trigger')).toEqual([]);
  });

  it('names a missing deployment and what deploys it', async () => {
    const [finding, ...others] = await wrong(' --stack nowhere');
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ area: 'deployed', mend: `PORT=${orchestrator.stack.port} npm start` });
    expect(finding?.found).toContain('The stack nowhere is not deployed');
  });

  it('names a broken secret, and the command that it names mends it', async () => {
    const secrets = new SecretsManagerClient(clientOptions());
    const { SecretString: before = '' } = await secrets.send(
      new GetSecretValueCommand({ SecretId: orchestrator.stack.outputs.SlackSecretArn }),
    );
    expect((await run('configure slack --set bot_token=xoxb-stale')).out).toContain('Nothing was written');
    expect(await wrong()).toEqual([]);
    expect((await run('configure slack --set bot_token=xoxb-stale --force')).code).toBe(0);
    expect(await wrong()).toMatchObject([
      {
        area: 'secrets',
        found: 'slack: slack auth.test: invalid_auth',
        mend: 'npm run ops -- configure slack',
      },
    ]);
    const { code, out } = await run('configure slack --stdin', before);
    expect({ code, written: out.includes('Written') }).toEqual({ code: 0, written: true });
    expect(out).not.toContain((JSON.parse(before) as { bot_token: string }).bot_token);
    await untilWell();
  });
});

describe('an alarm', () => {
  it('that is on is named by doctor, with its section of the runbook', async () => {
    const set = async (StateValue: string) => {
      const target = await resolveTarget({
        env: { PORT: String(orchestrator.stack.port) },
        kind: undefined,
        stack: undefined,
      });
      const AlarmName = 'incident-orchestrator-worker-errors-slack';
      await callJsonApi(target, clientsFor(target), CLOUDWATCH, 'SetAlarmState', {
        ...{ AlarmName, StateValue, StateReason: 'Threshold crossed' },
      });
    };
    await set('ALARM');
    expect(await wrong()).toMatchObject([
      {
        area: 'alarms',
        found: 'worker-errors-slack: Threshold crossed',
        mend: 'Read docs/runbooks/automation.md#worker-errors',
      },
    ]);
    await set('OK');
    await untilWell();
  });
});

describe('pause and resume', () => {
  it('hold up one channel, lose nothing, and doctor knows', async () => {
    expect((await run('pause slack --reason migration --as ada')).code).toBe(0);
    expect(await wrong()).toMatchObject([{ area: 'channels', mend: 'npm run ops -- resume slack' }]);
    const id = await orchestrator.raise({ severity: 'sev2' });
    await orchestrator.untilDelivered(id, 'discord', 'zapier-jira', 'zapier-finance');
    expect(await orchestrator.received('slack', id)).toEqual([]);
    expect((await run('breaker --json')).json['channels']).toMatchObject([
      { channel: 'slack', pause: { by: 'ada', reason: 'migration' } },
      { channel: 'discord' },
      { channel: 'zapier', breaker: { status: 'closed' } },
      { channel: 'pagerduty' },
    ]);

    expect((await run('resume slack')).out).toBe('slack is running again. 1 message waited.\n');
    await orchestrator.untilDelivered(id, 'slack');
    await untilWell();
    expect((await run('resume slack')).out).toContain('was not paused');
  });

  it('leave an open breaker its own way, and doctor names it', async () => {
    const store = new BreakerStore(
      new DynamoDBClient(clientOptions()),
      orchestrator.stack.outputs.TableName,
      'zapier',
    );
    const at = new Date().toISOString();
    const outage = {
      ...{ opened_at: at, why: 'zapier zapier-jira: HTTP 503', calls: 8, failures: 7, waiting_since: at },
      probe: { correlation_id: '01a20930-7fe8-7787-80d4-875c9d61e2ec', delivery: 'zapier-jira' },
    } as const;
    const policy = {
      window_seconds: 60,
      minimum_calls: 1,
      failure_rate: 1,
      open_seconds: 600,
      cap_seconds: 600,
    };
    const before = await store.get();
    const open = opened(before, outage, policy, new Date());
    expect(await store.replace(open)).toBe(true);

    expect(await wrong()).toContainEqual(
      expect.objectContaining({ area: 'channels', found: expect.stringContaining('HTTP 503') as string }),
    );
    expect((await run('breaker')).out).toContain('zapier: open since');
    expect((await run('resume zapier')).out).toContain('goes on by itself');
    // Told or not, the keeper may have made a version of its own meanwhile.
    const latest = await store.get();
    expect(await store.replace(closed(latest, { ...outage, openings: 1 }, 0, new Date()))).toBe(true);
    await run('resume zapier');
    await untilWell();
  });
});

describe('dead letters', () => {
  it('are counted with their reasons, replayed as asked for, and delivered exactly once', async () => {
    await orchestrator.sim('PUT', 'discord/fault', { status: 403, path: '/messages' });
    const [first, second] = [
      await orchestrator.raise({ severity: 'sev2' }),
      await orchestrator.raise({ severity: 'sev2' }),
    ];
    const dead = async () => (await run('replay discord --dry-run --json')).json['would_move'];
    await eventually('two dead letters', dead, (number) => number === 2);

    const { code, out } = await run('dlq');
    expect(code).toBe(1);
    expect(out).toMatch(/discord-standard-dlq +2 /);
    expect(out).toContain('2 × discord create message: HTTP 403 (50001 Missing Access)');
    expect(await wrong()).toMatchObject([{ area: 'queues', mend: 'npm run ops -- replay discord' }]);

    await orchestrator.sim('DELETE', 'discord/fault');
    await orchestrator.sim('DELETE', 'discord/requests');
    const one = await run(`replay discord --correlation-id ${second} --json`);
    expect(one.json).toMatchObject({ moved: 1, queues: [{ by: 'one by one' }] });
    await orchestrator.untilDelivered(second, 'discord');
    expect(await dead()).toBe(1);

    const rest = await run('replay discord --wait');
    expect(rest.out).toContain('1 message sent again to discord.');
    expect(rest.err).toContain('1 of 1 sent again');
    await orchestrator.untilDelivered(first, 'discord');
    for (const id of [first, second]) {
      const posted = (await orchestrator.received('discord', id)).filter(
        ({ method, path }) => method === 'POST' && path.endsWith('/messages'),
      );
      expect(posted).toHaveLength(1);
    }
    expect((await run('replay discord')).out).toBe('Nothing to replay for discord.\n');
    await untilWell();
  });
});

describe('an incident', () => {
  it('is sent, listed, shown, acknowledged and resolved from a terminal', async () => {
    const sent = await run('send --severity sev1 --service checkout --wait --json');
    expect(sent.code).toBe(0);
    const id = String(sent.json['correlation_id']);
    expect((await run('incidents --severity sev1')).out).toContain(id);

    const open = await run(`show ${id}`);
    for (const part of ['SEV1 open', 'slack', 'deliver discord', 'unless acknowledged', ':execution:']) {
      expect(open.out).toContain(part);
    }
    expect((await run(`show ${id} --json`)).out).not.toContain('task_token');

    expect((await run(`ack ${id} --as ada`)).out).toContain('Nobody will be paged');
    expect(await run(`ack ${id} --as ada`)).toMatchObject({ code: 0 });
    expect(await run(`ack ${id} --as grace`)).toMatchObject({ code: 1 });
    await eventually(
      'Slack shows who has it',
      () => orchestrator.received('slack', id),
      (all) => all.some((request) => request.path.includes('chat.update') && textOf(request).includes('ada')),
    );
    expect((await run(`resolve ${id} --as ada`)).out).toContain('Resolved.');
    expect((await run(`resolve ${id}`)).out).toContain('already');
    expect((await run('incidents --json')).out).not.toContain(id);
    expect((await run(`incidents --status resolved`)).out).toContain(id);
    const unknown = '01a20930-7fe8-7787-80d4-875c9d61e2ec';
    expect(await run(`show ${unknown}`)).toMatchObject({ code: 1 });
  });

  it('counts in the KPIs', async () => {
    const { json } = await run('kpis --since 1h --json');
    expect(json['by_severity']).toMatchObject({
      sev1: { accepted: 1, acknowledged: 1, acknowledged_percent: 100, escalated: 0, resolved: 1 },
      sev2: { accepted: 3, acknowledged: 0, acknowledged_percent: 0, escalated_percent: null },
    });
  });
});

describe('configure', () => {
  it("makes up the Zaps' callback token where there is none, shows it once, and lets a second be added", async () => {
    const secrets = new SecretsManagerClient(clientOptions());
    const SecretId = orchestrator.stack.outputs.ZapierSecretArn;
    const stored = async () => {
      const { SecretString: text = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
      return JSON.parse(text) as Record<string, unknown>;
    };
    const { callback_tokens: before, ...rest } = await stored();
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(rest) }));
    expect(await wrong()).toMatchObject([{ area: 'secrets', mend: 'npm run ops -- configure zapier' }]);
    const { json } = await run('configure zapier --stdin --json', '{}');
    const { callback_tokens: made } = json['made'] as { callback_tokens: [string] };
    expect(made).not.toEqual(before);
    expect(await stored()).toEqual({ ...rest, callback_tokens: made });
    expect((await run('configure zapier --check')).out).not.toContain(made[0]);
    await untilWell();

    await run('configure zapier --set callback_tokens+=the-next-token');
    // 422: the token is known, the callback is none. A function that just read the secret looks again after 10 s.
    for (const token of ['the-next-token', made[0]]) {
      await eventually(
        'the token is known',
        () =>
          orchestrator.send('POST', '/zapier/callbacks', '{}', {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
          }),
        ({ status }) => status === 422,
      );
    }
  });
});

describe('sender tokens', () => {
  it('are rotated without a gap', async () => {
    const made = (await run('configure senders --add grafana --json')).json as {
      token: string;
      fingerprint: string;
    };
    const post = (token: string) =>
      orchestrator.send('POST', '/events/incidents', '{}', {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      });
    // 400: the token is known, the event is none. A function that just read the secret looks again after 10 s.
    const known = (token: string) =>
      eventually(
        'the token is known',
        () => post(token),
        ({ status }) => status === 400,
      );
    await known(made.token);
    const next = (await run('configure senders --add grafana --json')).json as { token: string };
    await known(next.token);
    await known(made.token);
    const removed = await run(`configure senders --remove grafana --token ${made.fingerprint}`);
    expect(removed.out).toContain('is gone');
    expect(removed.out + (await run('configure senders')).out).not.toContain(next.token);
    expect((await run('send --sender grafana --wait')).code).toBe(0);
    expect(await run('configure senders --remove nobody')).toMatchObject({ code: 1 });
    expect((await run('configure senders --remove grafana')).code).toBe(0);
    expect((await run('configure senders --remove local')).err).toContain('last sender');
  });
});
