import type { Command } from './cli/command.ts';

/** Every command, loaded when it is used. */
export const COMMANDS = {
  doctor: {
    summary: 'Is all well? Each finding with the command that mends it',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  incidents: {
    summary: 'List incidents: unresolved, recent, by severity',
    load: async () => (await import('./commands/incidents.ts')).incidents,
  },
  show: {
    summary: 'One incident: timeline, deliveries, links to execution, logs and traces',
    load: async () => (await import('./commands/show.ts')).show,
  },
  ack: {
    summary: 'Acknowledge an incident',
    load: async () => (await import('./commands/ack.ts')).ack,
  },
  resolve: {
    summary: 'Resolve an incident',
    load: async () => (await import('./commands/resolve.ts')).resolve,
  },
  send: {
    summary: 'Send a test incident through the front door',
    load: async () => (await import('./commands/send.ts')).send,
  },
  dlq: {
    summary: 'Every queue: depth, oldest age, and why messages were given up',
    load: async () => (await import('./commands/dlq.ts')).dlq,
  },
  replay: {
    summary: "Send a channel's dead letters again",
    load: async () => (await import('./commands/replay.ts')).replay,
  },
  pause: {
    summary: 'Stop deliveries of a channel; its messages wait',
    load: async () => (await import('./commands/pause.ts')).pause,
  },
  resume: {
    summary: 'Let deliveries of a paused channel go on',
    load: async () => (await import('./commands/resume.ts')).resume,
  },
  breaker: {
    summary: 'State of each circuit breaker and pause',
    load: async () => (await import('./commands/breaker.ts')).breaker,
  },
  kpis: {
    summary: 'Accepted, acknowledged, time to acknowledge, escalated; by severity',
    load: async () => (await import('./commands/kpis.ts')).kpis,
  },
  configure: {
    summary: 'Set, check and rotate secrets',
    load: async () => (await import('./commands/configure.ts')).configure,
  },
} as const satisfies Record<string, { readonly summary: string; readonly load: () => Promise<Command> }>;

export type CommandName = keyof typeof COMMANDS;
