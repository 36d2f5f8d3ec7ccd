/** As much of a state machine's definition as decides which states are entered. */
export interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Branches?: readonly Machine[];
  readonly ItemProcessor?: Machine;
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
}

/** How an execution goes: how many items each Map has, and which states fail, with which error. */
export interface Course {
  readonly items: number;
  readonly errors?: Readonly<Record<string, string>>;
}

/** State transitions of one execution, as AWS bills them: one for each state that is entered. */
export function transitionsOf(machine: Machine, course: Course): number {
  let count = 0;
  for (let name: string | undefined = machine.StartAt; name !== undefined;) {
    const state: State | undefined = machine.States[name];
    if (state === undefined) throw new Error(`No state ${name}`);
    count += 1;
    for (const branch of state.Branches ?? []) count += transitionsOf(branch, course);
    if (state.ItemProcessor !== undefined) count += course.items * transitionsOf(state.ItemProcessor, course);
    name = nextOf(name, state, course);
  }
  return count;
}

function nextOf(name: string, state: State, { errors = {} }: Course): string | undefined {
  const error = errors[name];
  if (error === undefined) return state.Next;
  const caught = state.Catch?.find(({ ErrorEquals: names }) =>
    names.some((each) => each === error || each === 'States.ALL'),
  );
  if (caught === undefined) throw new Error(`Nothing catches ${error} of ${name}`);
  return caught.Next;
}

/** A Sev1 has four deliveries: Slack, Discord, and Zapier's two Zaps. */
export const ACKNOWLEDGED: Course = { items: 4 };
export const ESCALATED: Course = { items: 4, errors: { AwaitAcknowledgement: 'States.Timeout' } };
