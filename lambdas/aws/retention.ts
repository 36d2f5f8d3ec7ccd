const DAY_SECONDS = 24 * 60 * 60;

/** Epoch seconds until which a repeated `event_id` is recognised: 24 h. */
export const dedupeExpiryOf = (at: Date): number => epochSeconds(at) + DAY_SECONDS;

/**
 * Epoch seconds until which an incident and all that belongs to it are kept: 90 days, as long as Step Functions
 * keeps the name of its execution taken.
 */
export const expiryOf = (at: Date): number => epochSeconds(at) + 90 * DAY_SECONDS;

const epochSeconds = (at: Date): number => Math.floor(at.getTime() / 1_000);
