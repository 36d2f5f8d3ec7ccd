import { randomUUID } from 'node:crypto';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../bin/local/engine/health.ts';
import { engineCredentials } from '../../bin/local/environment.ts';
import { executionState } from '../../lambdas/aws/audit-executions.ts';
import type { Heartbeat } from '../../lambdas/runtime/heartbeat.ts';
import { Caretaking } from '../faults/support/caretaking.ts';
import { eventually } from './support/orchestrator.ts';

const TOKEN = 'heartbeat-token';
const PROVIDERS = ['slack', 'discord', 'zapier', 'pagerduty'] as const;

let caretaking: Caretaking;
beforeAll(async () => {
  const port = await freePort();
  caretaking = await Caretaking.start({
    port,
    ackTimeoutSeconds: 3,
    // The engine's own address of the API does not resolve in Node.
    overrides: { heartbeat: { enabled: true, api_url: `http://127.0.0.1:${port}` } },
  });
});
afterAll(() => caretaking.orchestrator.stack.stop());

async function addSender(): Promise<void> {
  const { engineEndpoint: endpoint, account, region, outputs, apiToken } = caretaking.orchestrator.stack;
  const client = new SecretsManagerClient({ endpoint, region, credentials: engineCredentials(account) });
  const SecretString = JSON.stringify({ local: apiToken, heartbeat: TOKEN });
  await client.send(new PutSecretValueCommand({ SecretId: outputs.SendersSecretArn, SecretString }));
  client.destroy();
}

const execution = (id: string) =>
  executionState(caretaking.stepFunctions, caretaking.orchestrator.stack.outputs.StateMachineArn, id);

const expectNobodyTold = async (id: string) => {
  for (const provider of PROVIDERS) expect(await caretaking.orchestrator.received(provider, id)).toEqual([]);
};

describe('the heartbeat', () => {
  it('says what is missing while no sender has its name', async () => {
    expect(await caretaking.call('heartbeat')).toMatchObject({
      ...{ returned: false, step: 'raise' },
      error: expect.stringContaining('npm run ops -- configure') as string,
    });
  });

  describe('with a token', () => {
    beforeAll(addSender);

    it('goes through API, workflow and acknowledgement, and reaches nobody', async () => {
      const beat = await eventually(
        'back, once the new token is read',
        () => caretaking.call('heartbeat') as Promise<Heartbeat>,
        ({ returned }) => returned,
      );
      const id = beat.returned ? beat.correlation_id : '';
      const { status, timeline } = await caretaking.orchestrator.incident(id);
      expect(status).toBe('acknowledged');
      expect(timeline.map(({ step }) => step)).toEqual(['accepted', 'acknowledged']);
      await expectNobodyTold(id);
    });

    it('that nobody acknowledges pages nobody', async () => {
      const id = randomUUID();
      const event = { event_id: id, incident_id: id, severity: 'sev1', summary: 'Heartbeat left alone' };
      const answer = await caretaking.orchestrator.send('POST', '/events/incidents', JSON.stringify(event), {
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'application/json',
      });
      const correlationId = String(answer.body['correlation_id']);
      // The workflow's wait runs out and asks for a page, which the pager's worker withholds.
      await eventually(
        'ended',
        () => execution(correlationId),
        ({ status }) => status === 'succeeded',
      );
      await caretaking.orchestrator.until(correlationId, 'withheld', ({ deliveries }) =>
        deliveries.some(({ name, status }) => name === 'pagerduty' && status === 'withheld'),
      );
      expect((await caretaking.orchestrator.incident(correlationId)).status).toBe('open');
      await expectNobodyTold(correlationId);
    });
  });
});
