import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';

// zod/mini ships no messages; without a locale every error reads "Invalid input".
z.config(en());

export { z };

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
  return { ok: false, errors: result.error.issues.map(fieldError) };
}

function fieldError(issue: z.core.$ZodIssue): FieldError {
  const field = issue.path.map(String).join('.');
  const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return { field: field === '' ? '(body)' : field, message: missing ? 'Required' : issue.message };
}
