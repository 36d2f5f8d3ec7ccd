/** Something an operator can put right: says what is wrong and where, and what to do. Ends with exit code 1. */
export class OpsError extends Error {
  override readonly name = 'OpsError';
  readonly advice: string;

  /**
   * @param what one sentence: what is wrong and where
   * @param advice a command, or a sentence, that mends it
   */
  constructor(what: string, advice: string, options?: ErrorOptions) {
    super(what, options);
    this.advice = advice;
  }
}

/** The command line is not one of ours. Ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whether AWS answered with an error of one of these names. */
export const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);
