import { WatchList } from '../../../lambdas/aws/audit-store.ts';
import { count } from '../cli/text.ts';
import type { CommandContext } from '../command-context.ts';
import { type Finding, inArea } from './finding.ts';

const { ok, wrong } = inArea('incidents');

/** The auditor looks once a minute; what is due for longer than a few of its runs is not looked after. */
const OVERDUE_MS = 5 * 60_000;
const SHOWN = 5;

/** Whether an incident is stuck: nobody has it, nobody was paged, and the auditor did not help. */
export async function checkIncidents(ops: CommandContext): Promise<Finding[]> {
  const watchList = new WatchList(ops.clients.dynamoDb, await ops.table());
  const due = await watchList.due(new Date(ops.now().getTime() - OVERDUE_MS), 100);
  if (due.length === 0) return [ok('none is stuck')];
  const [first = ''] = due;
  const found = `${count(due.length, 'incident')} stuck: ${due.slice(0, SHOWN).join(', ')}${due.length > SHOWN ? ', …' : ''}`;
  return [wrong(found, `npm run ops -- show ${first} (docs/runbooks/automation.md#stuck-incident)`)];
}
