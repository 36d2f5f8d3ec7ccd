import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { IncidentOrchestratorStack } from '../lib/incident-orchestrator-stack.ts';
import { readSettings, SettingsError } from '../lib/settings.ts';

const app = new App();
try {
  const settings = readSettings(
    app.node.tryGetContext('incident-orchestrator'),
    app.node.tryGetContext('overrides'),
  );
  // No account and no region here: the credentials of `cdk deploy` decide.
  new IncidentOrchestratorStack(app, settings.stack_name, { settings });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  // Not exitCode: an App that lives on would synthesise itself, empty.
  process.exit(1);
}
