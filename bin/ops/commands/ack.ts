import { acknowledgementText } from '../../../lambdas/domain/acknowledgement.ts';
import type { Command } from '../cli/command.ts';
import { correlationIdOf, unknownIncident } from '../incidents/correlation-id.ts';
import { AS_OPTION, operatorOf } from '../incidents/operator.ts';

/** `ack`: acknowledges an incident from a terminal. */
export const ack: Command = {
  usage: '<correlation id>',
  positionals: { min: 1, max: 1 },
  options: AS_OPTION,
  help: `Acknowledges an incident, as a click on its button does: the first one wins, the wait ends, every message says
who has it. It writes to the table itself, so it works when the API does not.`,
  run: async (input, ops) => {
    const id = correlationIdOf(input);
    const by = operatorOf(input);
    const result = await (await ops.incidents()).acknowledge(id, by, ops.now().toISOString());
    if (result.outcome === 'unknown') throw unknownIncident(id);
    const text = acknowledgementText(result);
    const { outcome, incident } = result;
    return {
      // Somebody else was first: not what was asked for, and worth a look.
      ok: outcome !== 'already',
      data: { correlation_id: id, outcome, status: incident.status, message: text },
      text: `${text}\n`,
    };
  },
};
