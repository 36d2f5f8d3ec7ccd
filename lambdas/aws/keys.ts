import type { ChannelName, DeliveryName } from '../domain/channel.ts';

/** Every key of the table, in one place. `pk` and `sk` are strings. */
export const keys = {
  /** Dedupe key and outbox record of an accepted event; expires after 24 h. */
  outbox: (eventId: string) => ({ pk: `event#${eventId}`, sk: 'outbox' }),
  /** The incident as it is now. */
  incident: (correlationId: string) => ({ pk: `incident#${correlationId}`, sk: 'incident' }),
  /** One delivery of an incident. */
  delivery: (correlationId: string, name: DeliveryName) => ({
    pk: `incident#${correlationId}`,
    sk: `delivery#${name}`,
  }),
  /** A saga entry that goes with no state of its own (a failed attempt); sorts by time. */
  saga: (correlationId: string, at: string, step: string) => ({
    pk: `incident#${correlationId}`,
    sk: `saga#${at}#${step}`,
  }),
  /** From a sender's `incident_id` to our correlation ids, newest last. */
  incidentId: (incidentId: string, correlationId: string) => ({
    pk: `incident-id#${incidentId}`,
    sk: correlationId,
  }),
  /** The circuit breaker of a channel's provider. */
  breaker: (channel: ChannelName) => ({ pk: `breaker#${channel}`, sk: 'state' }),
  /** Calls counted from the epoch second `bucket` on, while the breaker had this version; sorts by time. */
  breakerCalls: (channel: ChannelName, version: number, bucket: number) => ({
    pk: `breaker#${channel}`,
    sk: `calls#${version}#${bucket}`,
  }),
  /** There while a person has paused the channel. */
  paused: (channel: ChannelName) => ({ pk: `paused#${channel}`, sk: 'pause' }),
} as const;

/** Names of the secondary indexes; what they hold is told in lib/. */
export const INDEXES = { recent: 'recent', watch: 'watch' } as const;
/** The one partition of the sparse `watch` index: incidents that the auditor must look at from `watch_at` on. */
export const WATCHED = 'watched';
