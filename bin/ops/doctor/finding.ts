/** One thing that doctor looked at. */
export interface Finding {
  readonly area: string;
  /** `note`: worth knowing, but all is well. */
  readonly level: 'ok' | 'note' | 'wrong';
  readonly found: string;
  /** The command that mends it, or what to read. */
  readonly mend?: string;
}

/** Makes the findings of one area. */
export const inArea = (area: string) => ({
  ok: (found: string): Finding => ({ area, level: 'ok', found }),
  note: (found: string, mend: string): Finding => ({ area, level: 'note', found, mend }),
  wrong: (found: string, mend: string): Finding => ({ area, level: 'wrong', found, mend }),
});
