const Real = globalThis.Date;
let offset = 0;

/** Wall-clock time that can be put forward: leases and time stamps follow it, timers go on as they are. */
class MovableDate extends Real {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(MovableDate.now());
    else super(...(given as [number]));
  }

  static override now(): number {
    return Real.now() + offset;
  }
}

/**
 * The clock that handlers and simulated providers go by, once {@link clock.install} was called. One for the whole
 * file, so it only ever goes forward.
 */
export const clock = {
  install(): void {
    globalThis.Date = MovableDate as DateConstructor;
  },
  uninstall(): void {
    globalThis.Date = Real;
    offset = 0;
  },
  advance(seconds: number): void {
    offset += seconds * 1_000;
  },
  now: (): Date => new MovableDate(),
};
