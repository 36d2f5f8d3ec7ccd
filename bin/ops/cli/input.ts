import { UsageError } from './errors.ts';

/** The arguments of one command, checked. */
export class Input {
  readonly positionals: readonly string[];
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>, positionals: readonly string[] = []) {
    this.#values = values;
    this.positionals = positionals;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  list(name: string): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? (value as string[]) : [];
  }

  /** @throws UsageError when it is none of `allowed` */
  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : choice(`--${name}`, value, allowed);
  }

  /** @throws UsageError when it is not a whole number of at least 1 */
  count(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^[1-9]\d{0,5}$/.test(value)) throw new UsageError(`--${name} takes a whole number, not "${value}"`);
    return Number(value);
  }
}

/** @throws UsageError naming what there is to choose from */
export function choice<T extends string>(what: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new UsageError(`${what} is one of ${allowed.join(', ')}; not "${value}"`);
  return found;
}
