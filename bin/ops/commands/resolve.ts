import type { Command } from '../cli/command.ts';
import { correlationIdOf, unknownIncident } from '../incidents/correlation-id.ts';
import { AS_OPTION, operatorOf } from '../incidents/operator.ts';

/** `resolve`: ends an incident from a terminal. */
export const resolve: Command = {
  usage: '<correlation id>',
  positionals: { min: 1, max: 1 },
  options: AS_OPTION,
  help: `Resolves an incident, as its sender's "resolved" event does: the wait ends, a page that is out is resolved, every
message says so.`,
  run: async (input, ops) => {
    const id = correlationIdOf(input);
    const change = await (await ops.incidents()).resolve(id, operatorOf(input), ops.now().toISOString());
    if (change === undefined) throw unknownIncident(id);
    const { changed, now } = change;
    const paged = now.facts.some(({ step }) => step === 'escalating');
    const done = `Resolved. ${paged ? 'The page is being resolved too, and ' : ''}The messages are being updated.`;
    return {
      ok: true,
      data: { correlation_id: id, changed, status: now.status },
      text: `${changed ? done.replace('and The', 'and the') : 'It was resolved already.'}\n`,
    };
  },
};
