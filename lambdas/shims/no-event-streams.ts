/**
 * Stands in for `@smithy/core/event-streams` inside our bundles: every client could read a stream of events, and no
 * operation that we call answers with one.
 */
function absent(): never {
  throw new Error('Event streams are not bundled');
}

export { absent as EventStreamSerde, absent as eventStreamSerdeProvider };
export const resolveEventStreamSerdeConfig = <T>(config: T): T => config;
