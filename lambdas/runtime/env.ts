import { parse, type z } from '../domain/schema.ts';

/** What a construct must set for a handler: the schema's input side, every variable a string. */
export type EnvironmentOf<S extends z.ZodMiniType> = {
  readonly [Name in keyof z.input<S>]: string;
};

/**
 * Reads the function's environment: the only place that touches `process.env`.
 *
 * @throws Error naming every variable that is missing, empty or malformed, all at once
 */
export function readEnv<S extends z.ZodMiniType>(schema: S): z.output<S> {
  const parsed = parse(schema, process.env);
  if (parsed.ok) return parsed.value;
  const wrong = parsed.errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  throw new Error(
    `Wrong environment of this function. ${wrong}. Set by the construct in lib/; deploy again.`,
  );
}

/** Whether X-Ray samples the running invocation. Lambda sets the header anew for each, with `Sampled=1` or `0`. */
export const isSampled = (): boolean =>
  process.env['_X_AMZN_TRACE_ID']?.includes('Sampled=1') === true &&
  process.env['POWERTOOLS_TRACE_ENABLED'] !== 'false';
