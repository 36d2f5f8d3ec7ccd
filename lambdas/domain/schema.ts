import * as z from './zod.ts';
import en from 'zod/v4/locales/en.js';

// zod/mini ships no messages; without a locale every error reads "Invalid input".
z.config(en());

export { z };

/**
 * Makes a schema. Marked as pure where it is called, the bundles of functions that have no use for the schema go
 * without it; each schema that is made costs some 40 µs of every cold start.
 *
 * @example
 * export const LinkSchema = /* @__PURE__ *\/ pure(() => z.url());
 */
export const pure = <T>(make: () => T): T => make();

/** One thing wrong with an input: where (`details.links.0`), and what. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** Result of a parse: the value, or every field that is wrong. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: FieldError[] };

/**
 * Parses `input` and turns zod's issues into field paths.
 *
 * @example
 * parse(IncidentEventSchema, { event_id: '' }) // { ok: false, errors: [{ field: 'event_id', message: … }, …] }
 */
export function parse<S extends z.ZodMiniType>(schema: S, input: unknown): Parsed<z.output<S>> {
  const result = schema.safeParse(input);
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, errors: result.error.issues.map((issue) => fieldError(input, issue)) };
}

function fieldError(input: unknown, issue: z.core.$ZodIssue): FieldError {
  const field = issue.path.length === 0 ? '(body)' : issue.path.map(String).join('.');
  const missing = issue.path.reduce<unknown>(memberOf, input) === undefined;
  if (!missing) return { field, message: issue.message };
  return { field, message: issue.code === 'invalid_type' ? 'Required' : `Required. ${issue.message}` };
}

const memberOf = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
