import { validate } from 'uuid';
import { OpsError, UsageError } from '../cli/errors.ts';
import type { Input } from '../cli/input.ts';

/** The correlation id that a command was given. @throws UsageError when it is none */
export function correlationIdOf(input: Input): string {
  return checked(input.positionals[0] ?? '');
}

/** @throws UsageError when it is no correlation id */
export function checked(id: string): string {
  if (!validate(id)) throw new UsageError(`"${id}" is no correlation id (a UUID, as a 202 answered it)`);
  return id.toLowerCase();
}

export const unknownIncident = (id: string): OpsError =>
  new OpsError(
    `No incident has the correlation id ${id} here. Incidents are kept for 90 days.`,
    'npm run ops -- incidents --status all',
  );
