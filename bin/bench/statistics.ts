/** The middle of some numbers, and how far the middle half of them lies around it. */
export interface Spread {
  readonly median: number;
  /** First and third quartile. */
  readonly low: number;
  readonly high: number;
}

/** Quartiles by linear interpolation; of one number all three are that number. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('No values to take the median of');
  const sorted = [...values].sort((a, b) => a - b);
  return { low: quantile(sorted, 0.25), median: quantile(sorted, 0.5), high: quantile(sorted, 0.75) };
}

function quantile(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

/** One repetition: the same thing done by the floor and by ours, one right after the other. */
export interface Pair {
  readonly floor: number;
  readonly ours: number;
}

/**
 * Repeats both, alternating which goes first, so that a machine that slows down slows both.
 *
 * @param repetitions counted ones; one more goes before them and is not counted
 */
export async function alternate(
  repetitions: number,
  floor: () => Promise<number>,
  ours: () => Promise<number>,
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let index = 0; index <= repetitions; index += 1) {
    const first = index % 2 === 0 ? floor : ours;
    const second = first === floor ? ours : floor;
    const one = await first();
    const other = await second();
    if (index > 0) pairs.push(first === floor ? { floor: one, ours: other } : { floor: other, ours: one });
  }
  return pairs;
}

/** Ours over the floor, pair by pair. */
export const ratiosOf = (pairs: readonly Pair[]): Spread =>
  spreadOf(pairs.map(({ floor, ours }) => ours / floor));
