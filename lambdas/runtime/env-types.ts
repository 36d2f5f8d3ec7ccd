import { z } from '../domain/schema.ts';

// One schema for all: each costs some 40 µs of every cold start.
const filled = z.string().check(z.minLength(1));

/** An environment variable that holds JSON of the given shape; empty counts as missing. */
export const json = <S extends z.ZodMiniType>(schema: S) =>
  z.pipe(
    z.pipe(
      filled,
      z.transform((text, context): unknown => {
        try {
          return JSON.parse(text) as unknown;
        } catch {
          context.issues.push({ code: 'custom', message: 'Not JSON', input: text });
          return z.NEVER;
        }
      }),
    ),
    schema,
  );

/** A variable that must be there and not be empty. */
export const text = () => filled;
