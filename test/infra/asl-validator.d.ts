declare module 'asl-validator' {
  interface Result {
    readonly isValid: boolean;
    readonly errors: readonly unknown[];
  }
  /** Writes defaults into the definition it is given. */
  export default function validate(
    definition: unknown,
    options?: { checkPaths?: boolean; checkArn?: boolean },
  ): Result;
}
