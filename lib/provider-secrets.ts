import { RemovalPolicy, SecretValue } from 'aws-cdk-lib';
import { Secret, type SecretProps } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { accept } from './validation.ts';

/**
 * One secret per trust boundary, so that a function reads only what it needs. Their shapes are in
 * `lambdas/aws/secret-schemas.ts`; `npm run ops -- configure` fills them.
 *
 * CloudFormation writes a value when the secret is made and never again, as long as the constants below stay as they
 * are: changing one would overwrite what operators have set.
 */
export class ProviderSecrets extends Construct {
  readonly senders: Secret;
  readonly slack: Secret;
  readonly discord: Secret;
  readonly zapier: Secret;
  readonly pagerduty: Secret;

  constructor(scope: Construct, id: string, props: { readonly stackName: string }) {
    super(scope, id);
    const secret = (name: string, description: string, value: SecretProps) => {
      const made = new Secret(this, name, {
        secretName: `${props.stackName}/${name}`,
        description,
        // They can be entered again; one kept under this name would stand in the way of the next deployment.
        removalPolicy: RemovalPolicy.DESTROY,
        ...value,
      });
      accept(made, 'The provider issues the token; operators rotate it (runbook, token refresh)', 'SMG4');
      return made;
    };

    this.senders = secret('senders', 'Bearer tokens of those who may send events, by name', {
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: 'default',
        excludePunctuation: true,
        // 62 possible characters: about 190 bits, beyond guessing.
        passwordLength: 32,
      },
    });
    this.slack = secret('slack', 'bot_token and signing_secret of the Slack app', notConfigured());
    this.discord = secret('discord', 'bot_token and public_key of the Discord application', notConfigured());
    this.zapier = secret(
      'zapier',
      'Hook URLs of the Zaps, and the token they call back with',
      notConfigured(),
    );
    this.pagerduty = secret('pagerduty', 'routing_key and webhook_secrets of the service', notConfigured());
  }
}

/** A value that no schema takes: a function that needs the secret says which members are missing. */
const notConfigured = (): SecretProps => ({
  secretStringValue: SecretValue.unsafePlainText('{"not_configured":"Run: npm run ops -- configure"}'),
});
