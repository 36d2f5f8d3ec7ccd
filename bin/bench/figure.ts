import { type Pair, ratiosOf, type Spread, spreadOf } from './statistics.ts';

/** A line of the table. */
export interface Figure {
  readonly group: Group;
  readonly name: string;
  /** As a person reads it, with its unit. */
  readonly ours: string;
  readonly floor: string;
  /** What the target is about: ours over the floor, or a plain count where there is no floor. */
  readonly value: number;
  readonly spread: Spread | undefined;
  /** At most this; undefined for what is only told. */
  readonly target: number | undefined;
}

export type Group =
  | 'Cold start: time'
  | 'Cold start: size'
  | 'Warm path'
  | 'Time to first notification'
  | 'Transitions and cost'
  | 'Growth';

export const passes = ({ value, target }: Figure): boolean => target === undefined || value <= target;

/** A figure that is a ratio of paired measurements in milliseconds. */
export function paired(
  group: Group,
  name: string,
  pairs: readonly Pair[],
  target: number | undefined,
): Figure {
  const spread = ratiosOf(pairs);
  return {
    ...{ group, name, target, spread, value: spread.median },
    ours: milliseconds(spreadOf(pairs.map(({ ours }) => ours)).median),
    floor: milliseconds(spreadOf(pairs.map(({ floor }) => floor)).median),
  };
}

/** A figure that is a ratio of two counts, which have no spread. */
export function counted(
  group: Group,
  name: string,
  count: { readonly ours: number; readonly floor: number; readonly show: (count: number) => string },
  target: number,
): Figure {
  const { ours, floor, show } = count;
  return {
    ...{ group, name, target, ours: show(ours), floor: show(floor), spread: undefined },
    value: ours / floor,
  };
}

/** A plain count with a limit of its own. */
export function limited(group: Group, name: string, count: number, target: number | undefined): Figure {
  return {
    ...{ group, name, target, spread: undefined },
    value: count,
    ours: String(Math.round(count * 100) / 100),
    floor: '',
  };
}

export const milliseconds = (ms: number): string => `${ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} ms`;
export const kilobytes = (bytes: number): string => `${Math.round(bytes / 1_024)} KB`;
