import type { Command } from '../cli/command.ts';
import { UsageError } from '../cli/errors.ts';
import { choice } from '../cli/input.ts';
import { configureProvider } from '../configure/configure-provider.ts';
import { PROVIDER_SECRET_NAMES } from '../configure/provider-secrets.ts';
import { configureSenders } from '../configure/senders.ts';

const NAMES = ['senders', ...PROVIDER_SECRET_NAMES] as const;

/** `configure`: the secrets, one at a time. */
export const configure: Command = {
  usage: `[${NAMES.join('|')}]`,
  positionals: { min: 0, max: 1 },
  options: {
    check: { type: 'boolean', help: 'Only check what is there' },
    stdin: { type: 'boolean', help: 'Read the new members from standard input, as a JSON object' },
    set: {
      type: 'string',
      multiple: true,
      value: 'member=value',
      help: 'One new member; += adds to a list. Others on this machine may see it: prefer --stdin',
    },
    force: { type: 'boolean', help: 'Write it although the provider refuses it or does not answer' },
    add: {
      type: 'string',
      value: 'name',
      help: 'senders: make a further token of this sender, new or known',
    },
    remove: {
      type: 'string',
      value: 'name',
      help: 'senders: remove this sender, or with --token one token of it',
    },
    token: {
      type: 'string',
      value: 'digits',
      help: 'senders: which token, by the first digits of its SHA-256',
    },
  },
  help: `Sets a secret in Secrets Manager: asks for each member on a terminal, checks the whole with the provider, then writes it.
Members that are not given stay as they are. Without a name: all providers, one after the other. Slack is asked who the
bot is, Discord likewise; PagerDuty gets the resolution of an alert that never was, so that nobody is paged; Zapier's
hooks are only looked at, for each call would run the Zap.
senders: lists them; a token is rotated by adding a new one, changing the sender over, and removing the old one.`,
  run: async (input, ops) => {
    const [first] = input.positionals;
    const forSenders = ['add', 'remove', 'token'].filter((option) => input.text(option) !== undefined);
    if (forSenders.length > 0 && first !== 'senders')
      throw new UsageError(`--${forSenders[0] ?? ''} is for senders`);
    if (first !== undefined) {
      const name = choice('The secret', first, NAMES);
      return name === 'senders' ? configureSenders(ops, input) : configureProvider(ops, name, input);
    }
    if (input.flag('stdin') || input.list('set').length > 0) {
      throw new UsageError(`--stdin and --set need the name of the secret: ${NAMES.join(', ')}`);
    }
    const reports = [];
    for (const name of PROVIDER_SECRET_NAMES) reports.push(await configureProvider(ops, name, input));
    return {
      ok: reports.every(({ ok }) => ok),
      data: { secrets: reports.map(({ data }) => data) },
      text: reports.map(({ text }) => text).join('\n'),
    };
  },
};
