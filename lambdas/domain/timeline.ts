/** One entry of the saga: what was done for an incident, when, how it went, and how long it took. */
export interface TimelineEntry {
  readonly correlation_id: string;
  /** `accepted`, `acknowledged`, … or `deliver <name>`. */
  readonly step: string;
  readonly status: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly duration_ms?: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}
