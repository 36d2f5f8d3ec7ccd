/** What the tests look at of a state of the Amazon States Language. */
export interface State {
  readonly Type: 'Task' | 'Map' | 'Parallel' | 'Succeed';
  readonly Resource?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly Next?: string;
  readonly End?: boolean;
  readonly ItemsPath?: string;
  readonly ItemProcessor?: StateMachine;
  readonly Branches?: readonly StateMachine[];
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds?: number;
}

export interface StateMachine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** Every state, at whatever depth, by name. */
export function allStates(machine: StateMachine): Map<string, State> {
  const found = new Map<string, State>();
  for (const [name, state] of Object.entries(machine.States)) {
    found.set(name, state);
    const inner = [...(state.Branches ?? []), ...(state.ItemProcessor ? [state.ItemProcessor] : [])];
    for (const each of inner) for (const [key, value] of allStates(each)) found.set(key, value);
  }
  return found;
}

/** What happens on a run: how many items each Map has, and the error with which a task ends, if any. */
export interface Run {
  readonly items: number;
  readonly errorOf: (state: string, item: number) => string | undefined;
}

/**
 * The states that a run enters, in order within each branch. Step Functions charges one transition for each (and one
 * for each retry).
 *
 * @throws Error when an error is not caught where it happens
 */
export function entered(machine: StateMachine, run: Run, item = 0): string[] {
  const names: string[] = [];
  for (let name: string | undefined = machine.StartAt; name !== undefined;) {
    const state: State | undefined = machine.States[name];
    if (state === undefined) throw new Error(`No state ${name}`);
    names.push(name);
    if (state.Branches) names.push(...state.Branches.flatMap((branch) => entered(branch, run, item)));
    const { ItemProcessor: processor } = state;
    if (processor) {
      const items = Array.from({ length: run.items }, (_, index) => index);
      names.push(...items.flatMap((index) => entered(processor, run, index)));
    }
    const error: string | undefined = state.Type === 'Task' ? run.errorOf(name, item) : undefined;
    name = error === undefined ? state.Next : catcherOf(name, state, error);
  }
  return names;
}

function catcherOf(name: string, state: State, error: string): string {
  const caught = state.Catch?.find(
    ({ ErrorEquals: names }) => names.includes(error) || names.includes('States.ALL'),
  );
  if (caught === undefined) throw new Error(`${name} does not catch ${error}`);
  return caught.Next;
}

/** Seconds that a retrier waits in all before it gives up. */
export function patience({ IntervalSeconds, BackoffRate, MaxAttempts, MaxDelaySeconds }: Retrier): number {
  let seconds = 0;
  for (let attempt = 0; attempt < MaxAttempts; attempt += 1) {
    seconds += Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds ?? Infinity);
  }
  return seconds;
}
