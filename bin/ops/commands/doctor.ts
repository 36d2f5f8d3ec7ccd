import type { Command } from '../cli/command.ts';
import { OpsError } from '../cli/errors.ts';
import { explain } from '../cli/explain.ts';
import { count } from '../cli/text.ts';
import { checkAlarms } from '../doctor/alarms.ts';
import { checkChannels } from '../doctor/channels.ts';
import { checkDeployed } from '../doctor/deployed.ts';
import { type Finding, inArea } from '../doctor/finding.ts';
import { checkIncidents } from '../doctor/incidents.ts';
import { checkQueues } from '../doctor/queues.ts';
import { checkSecrets } from '../doctor/secrets.ts';
import type { CommandContext } from '../command-context.ts';

const CHECKS: Readonly<Record<string, (ops: CommandContext) => Promise<Finding[]>>> = {
  deployed: checkDeployed,
  secrets: checkSecrets,
  channels: checkChannels,
  queues: checkQueues,
  alarms: checkAlarms,
  incidents: checkIncidents,
};

/** `doctor`: one look at everything. */
export const doctor: Command = {
  usage: '',
  positionals: { min: 0, max: 0 },
  options: {},
  help: `Looks at everything: is it deployed, are the secrets set and taken by their providers, are all channels running, do the
queues drain, are there dead letters, is an alarm on, is an incident stuck? Each finding comes with the command that
mends it. Nobody is notified or paged by it. Exit code 0 only when all is well.`,
  run: async (_input, ops) => {
    const findings = await examine(ops);
    const wrong = findings.filter(({ level }) => level === 'wrong').length;
    const verdict = wrong === 0 ? 'All is well.' : `${count(wrong, 'finding')}.`;
    return {
      ok: wrong === 0,
      data: { ok: wrong === 0, target: ops.target.label, findings },
      text: `${findings.map(line).join('\n')}\n\n${verdict}\n`,
    };
  },
};

async function examine(ops: CommandContext): Promise<Finding[]> {
  try {
    await ops.deployment();
  } catch (error) {
    // Nothing else can be looked at.
    return [failed('deployed', error)];
  }
  const all = Object.entries(CHECKS).map(async ([area, check]) => {
    try {
      return await check(ops);
    } catch (error) {
      return [failed(area, error)];
    }
  });
  return (await Promise.all(all)).flat();
}

function failed(area: string, error: unknown): Finding {
  const { message, advice } = error instanceof OpsError ? error : explain(error);
  return inArea(area).wrong(message, advice);
}

const MARK = { ok: '✓', note: '!', wrong: '✗' } as const;

const line = ({ area, level, found, mend }: Finding): string =>
  `${MARK[level]} ${area.padEnd(10)} ${found}${mend === undefined ? '' : `\n${' '.repeat(13)}→ ${mend}`}`;
