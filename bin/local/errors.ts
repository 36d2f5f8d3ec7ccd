/** Something a person can put right: says what is wrong, and what to do about it. */
export class LocalRunError extends Error {
  readonly advice: string;

  /**
   * @param what one sentence: what is wrong and where
   * @param advice what the person can do now; may have several lines
   */
  constructor(what: string, advice: string, options?: ErrorOptions) {
    super(what, options);
    this.name = 'LocalRunError';
    this.advice = advice;
  }
}

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whether it is a Node system error of that code, `EADDRINUSE` for one. */
export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
