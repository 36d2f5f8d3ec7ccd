import { HEARTBEAT_SENDER } from '../../../lambdas/domain/heartbeat.ts';
import { checkPresent } from '../configure/configure-provider.ts';
import { PROVIDER_SECRET_NAMES } from '../configure/provider-secrets.ts';
import { readSenders } from '../configure/senders.ts';
import type { CommandContext } from '../command-context.ts';
import { type Finding, inArea } from './finding.ts';

const { ok, note, wrong } = inArea('secrets');

/** Whether each secret is set, and its provider takes it. */
export async function checkSecrets(ops: CommandContext): Promise<Finding[]> {
  const providers = PROVIDER_SECRET_NAMES.map(async (name) => {
    const failed = (await checkPresent(ops, name)).filter((check) => !check.ok);
    const mend = `npm run ops -- configure ${name}`;
    return failed.length === 0
      ? [ok(`${name}: set and valid`)]
      : failed.map(({ found }) => wrong(`${name}: ${found}`, mend));
  });
  return (await Promise.all([...providers, checkSenders(ops)])).flat();
}

async function checkSenders(ops: CommandContext): Promise<Finding[]> {
  const senders = Object.entries(await readSenders(ops)).filter(([name]) => name !== HEARTBEAT_SENDER);
  if (senders.length === 0) {
    return [wrong('senders: nobody may send events', 'npm run ops -- configure senders --add <name>')];
  }
  const rotating = senders.filter(([, tokens]) => tokens.length > 1).map(([name]) => name);
  return [
    ok(`senders: ${senders.map(([name]) => name).join(', ')}`),
    ...rotating.map((name) =>
      note(
        `sender ${name} has several tokens: a rotation is not finished`,
        'npm run ops -- configure senders',
      ),
    ),
  ];
}
