import { randomUUID } from 'node:crypto';
import { SEVERITIES, type Severity } from '../../../lambdas/domain/severity.ts';
import type { Command, Report } from '../cli/command.ts';
import { OpsError } from '../cli/errors.ts';
import type { Input } from '../cli/input.ts';
import { duration } from '../cli/text.ts';
import { AS_OPTION, operatorOf } from '../incidents/operator.ts';
import { settled } from '../incidents/settled.ts';
import type { CommandContext } from '../command-context.ts';
import { apiUrl, senderToken } from '../target/api.ts';

/** `send`: a test incident, by the way that senders take. */
export const send: Command = {
  usage: '',
  positionals: { min: 0, max: 0 },
  options: {
    severity: {
      type: 'string',
      value: SEVERITIES.join('|'),
      help: 'Default: sev3, which tells Slack alone. A sev1 pages when nobody acknowledges it',
    },
    summary: { type: 'string', value: 'text', help: 'Default: says that it is a test' },
    service: { type: 'string', value: 'name', help: 'Default: none' },
    'incident-id': { type: 'string', value: 'id', help: "The sender's own id (default: a fresh one)" },
    'event-id': {
      type: 'string',
      value: 'id',
      help: 'One that was used within 24 h is a duplicate (default: a fresh one)',
    },
    sender: { type: 'string', value: 'name', help: 'With whose token (default: the first sender)' },
    ...AS_OPTION,
    wait: { type: 'boolean', help: 'Wait until every channel has it, half a minute at most' },
  },
  help: 'Posts a test incident to the deployed API with a real sender token: the whole way is tried.',
  run: async (input, ops) => {
    const severity = input.oneOf('severity', SEVERITIES) ?? 'sev3';
    const [url, sender] = await Promise.all([apiUrl(ops), senderToken(ops, input.text('sender'))]);
    const response = await fetch(`${url}/events/incidents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sender.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(testEvent(input, severity, ops.now())),
      signal: AbortSignal.timeout(15_000),
    });
    const answer = await response.text();
    if (!response.ok) {
      throw new OpsError(
        `The API refused the incident: HTTP ${response.status} ${answer}`,
        'Mend what it names; npm run ops -- doctor looks at the rest',
      );
    }
    const accepted = JSON.parse(answer) as { correlation_id: string; duplicate?: boolean };
    const id = accepted.correlation_id;
    const what =
      accepted.duplicate === true
        ? 'A duplicate; the first one is'
        : `Accepted (${severity}, sender ${sender.name}):`;
    const text = `${what} ${id}\n`;
    if (!input.flag('wait'))
      return { ok: true, data: accepted, text: `${text}Its way: npm run ops -- show ${id}\n` };
    return told(ops, id, text);
  },
};

function testEvent(input: Input, severity: Severity, now: Date): object {
  const id = randomUUID();
  const { name } = operatorOf(input);
  const service = input.text('service');
  return {
    event_id: input.text('event-id') ?? `ops-${id}`,
    incident_id: input.text('incident-id') ?? `ops-test-${id.slice(0, 8)}`,
    severity,
    summary: input.text('summary') ?? `Test incident by ${name}: nothing is wrong`,
    source: { kind: 'human', name },
    ...(service === undefined ? {} : { service }),
    details: { test: true },
    occurred_at: now.toISOString(),
  };
}

async function told(ops: CommandContext, id: string, text: string): Promise<Report> {
  const record = await settled(ops, id);
  const deliveries = record?.deliveries ?? [];
  const lines = (record?.incident.deliveries ?? []).map((name) => {
    const delivery = deliveries.find((each) => each.name === name);
    const end = delivery?.finished_at;
    const after =
      end === undefined
        ? ''
        : ` after ${duration(Date.parse(end) - Date.parse(record?.incident.received_at ?? end))}`;
    const why = delivery?.error === undefined ? '' : `: ${delivery.error}`;
    return `  ${name} ${delivery?.status ?? 'waits'}${after}${why}`;
  });
  const ok = record?.incident.deliveries.every((name) =>
    deliveries.some((each) => each.name === name && each.status === 'delivered'),
  );
  return {
    ok: ok === true,
    data: { correlation_id: id, deliveries },
    text: `${text}${lines.join('\n')}\n`,
  };
}
