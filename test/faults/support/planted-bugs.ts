import type { Patch } from './bundles.ts';
import type { Fault } from './faults.ts';

/** A mistake somebody could make, and the case of the crash matrix that must notice it. */
export interface PlantedBug {
  readonly bug: string;
  /** The handlers that are built with it. */
  readonly handlers: readonly string[];
  readonly patches: readonly Patch[];
  /** The scenario's handler and `when`, and the fault, if it takes one. */
  readonly caughtBy: {
    readonly handler: string;
    readonly when: string;
    readonly fault?: { readonly call: string; readonly kind: Fault };
  };
}

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    bug: 'the outbox relay is dropped',
    handlers: ['outbox-relay'],
    patches: [
      {
        file: 'handlers/outbox-relay.ts',
        from: '() => workflow.start(envelope)',
        to: '() => Promise.resolve()',
      },
    ],
    caughtBy: { handler: 'outbox-relay', when: 'ingest could not start the execution' },
  },
  {
    bug: 'an event is acknowledged to its sender before the put',
    handlers: ['ingest-incident'],
    patches: [
      {
        file: 'runtime/accept-event.ts',
        from: 'const accepted = await deps.incidents.accept(envelope, payloadHash(event));',
        to: `void deps.incidents.accept(envelope, payloadHash(event)).catch(() => undefined);
             const accepted = { duplicate: false } as Awaited<ReturnType<typeof deps.incidents.accept>>;`,
      },
    ],
    caughtBy: {
      handler: 'ingest-incident',
      when: 'an event raises an incident',
      fault: { call: 'DynamoDB TransactWriteItems', kind: 'refused before it' },
    },
  },
  {
    bug: 'the condition of the acknowledgement is swapped: the last one wins',
    handlers: ['acknowledge-incident', 'slack-interactions'],
    patches: [
      {
        file: 'aws/incident-store.ts',
        from: "from: ['open', 'escalating', 'paged'],\n      to: 'acknowledged'",
        to: "from: ['open', 'escalating', 'paged', 'acknowledged'],\n      to: 'acknowledged'",
      },
      {
        file: 'aws/incident-change.ts',
        from: 'conditions.push(`attribute_not_exists(${fact.step}_at)`);',
        to: '',
      },
    ],
    caughtBy: { handler: 'slack-interactions', when: 'somebody presses the button too late' },
  },
  {
    bug: 'the dedupe condition is dropped: every repeat is a new incident',
    handlers: ['ingest-incident'],
    patches: [
      {
        file: 'aws/incident-store.ts',
        from: "'attribute_not_exists(pk) OR expires_at < :now'",
        to: "'attribute_not_exists(pk) OR expires_at < :now OR attribute_exists(pk)'",
      },
    ],
    caughtBy: {
      handler: 'ingest-incident',
      when: 'an event raises an incident',
      fault: { call: 'DynamoDB TransactWriteItems', kind: 'process gone after it' },
    },
  },
  {
    bug: 'a page needs no admission: who acknowledged at the bell is paged all the same',
    handlers: ['pagerduty-worker'],
    patches: [
      {
        file: 'runtime/page-admission.ts',
        from: "if (incident.status === 'escalating') return { send: true, incident };",
        to: 'if (incident.facts.length > 0) return { send: true, incident };',
      },
    ],
    caughtBy: { handler: 'pagerduty-worker', when: 'somebody acknowledged at the bell' },
  },
  {
    bug: 'a page has another dedup_key each time',
    handlers: ['pagerduty-worker'],
    patches: [
      {
        file: 'channels/pagerduty/event.ts',
        from: 'dedup_key: correlation_id,',
        to: 'dedup_key: `${correlation_id}/${performance.now()}`,',
      },
    ],
    caughtBy: {
      handler: 'pagerduty-worker',
      when: 'nobody acknowledged',
      fault: { call: 'pagerduty trigger', kind: 'done, answer lost' },
    },
  },
  {
    bug: 'no look at what an earlier attempt may have posted to Slack',
    handlers: ['slack-worker'],
    patches: [
      {
        file: 'runtime/deliver.ts',
        from: '(inDoubt ? await channel.find?.(context) : undefined) ?? channel.notify(context)',
        to: 'channel.notify(context)',
      },
    ],
    caughtBy: {
      handler: 'slack-worker',
      when: 'an incident is to be told',
      fault: { call: 'slack chat.postMessage', kind: 'process gone after it' },
    },
  },
  {
    bug: 'a message whose delivery failed is taken off its queue',
    handlers: ['slack-worker'],
    patches: [{ file: 'runtime/queue-worker.ts', from: 'throw new Error(outcome.why);', to: '' }],
    caughtBy: {
      handler: 'slack-worker',
      when: 'an incident is to be told',
      fault: { call: 'slack chat.postMessage', kind: 'throttled' },
    },
  },
  {
    bug: 'calls to AWS have no timeout',
    handlers: ['acknowledge-incident'],
    patches: [{ file: 'aws/clients.ts', from: ', throwOnRequestTimeout: true', to: '' }],
    caughtBy: {
      handler: 'acknowledge-incident',
      when: 'a tool acknowledges',
      fault: { call: 'DynamoDB UpdateItem incident', kind: 'timed out' },
    },
  },
  {
    bug: 'a stream record that cannot be read fails its batch',
    handlers: ['outbox-relay'],
    patches: [
      {
        file: 'runtime/stream.ts',
        from: 'unreadable.push({ record, error: String(error) });',
        to: 'throw error;',
      },
    ],
    caughtBy: { handler: 'outbox-relay', when: 'a record beside it cannot be read' },
  },
  {
    bug: 'changes are told to the workflow, but not to the channels',
    handlers: ['announce-changes'],
    patches: [
      {
        file: 'handlers/announce-changes.ts',
        from: 'await queues.send(incident.event.severity, updateJobs(incident));',
        to: 'void updateJobs;',
      },
    ],
    caughtBy: { handler: 'announce-changes', when: 'it was acknowledged' },
  },
  {
    bug: 'nobody tells the workflow that no person can be reached',
    handlers: ['slack-worker'],
    patches: [
      {
        file: 'runtime/delivery-failure.ts',
        from: 'if (human.length === 0 || reachable.includes(true)) return;',
        to: 'if (human.length >= 0 || reachable.includes(true)) return;',
      },
    ],
    caughtBy: { handler: 'slack-worker', when: 'Slack refuses for good, and nobody else can be reached' },
  },
];
