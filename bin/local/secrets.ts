import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { StackOutputs } from './deploy.ts';
import type { Engine } from './engine.ts';
import { engineCredentials } from './environment.ts';

/** Which output names the secret of each set of credentials. */
const SECRETS = {
  senders: 'SendersSecretArn',
  slack: 'SlackSecretArn',
  discord: 'DiscordSecretArn',
  zapier: 'ZapierSecretArn',
  pagerduty: 'PagerDutySecretArn',
} as const satisfies Record<string, keyof StackOutputs>;

export type SecretValues = Readonly<Record<keyof typeof SECRETS, object>>;

/** Writes the secrets that a person would write after a deployment to AWS. */
export async function seedSecrets(
  engine: Engine,
  outputs: StackOutputs,
  values: SecretValues,
): Promise<void> {
  const client = new SecretsManagerClient({
    endpoint: engine.endpoint,
    region: engine.region,
    credentials: engineCredentials(engine.account),
  });
  try {
    for (const [name, output] of Object.entries(SECRETS) as [keyof typeof SECRETS, keyof StackOutputs][]) {
      const SecretString = JSON.stringify(values[name]);
      await client.send(new PutSecretValueCommand({ SecretId: outputs[output], SecretString }));
    }
  } finally {
    client.destroy();
  }
}
