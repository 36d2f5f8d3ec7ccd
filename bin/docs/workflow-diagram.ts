import { readFile, writeFile } from 'node:fs/promises';

/** A state of Amazon States Language, as far as a picture needs it. */
interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly ItemsPath?: string;
  readonly Next?: string;
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly Branches?: readonly States[];
  readonly ItemProcessor?: States;
}
interface States {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** One way out of a state: to another one, or to the end. */
export interface Transition {
  readonly from: string;
  readonly to: string;
  /** The errors that lead there; empty for the normal way. */
  readonly errors: readonly string[];
}

const END = 'Done';
const ASL = new URL('../../statemachines/incident-escalation.asl.json', import.meta.url);
/** The document that shows the picture, between two comments that name it. */
export const DOCUMENT = new URL('../../docs/runbooks/automation.md', import.meta.url);
const MARKS = /(<!-- workflow: npm run docs -->\n)[^]*?(<!-- \/workflow -->)/;

export const readWorkflow = async (): Promise<States> => JSON.parse(await readFile(ASL, 'utf8')) as States;

/** Every way out of every state, containers left out: their insides lead on. */
export function transitions(workflow: States, after: readonly string[] = [END]): Transition[] {
  return Object.entries(workflow.States).flatMap(([from, state]) => {
    const onward = state.Next === undefined ? after : entries(workflow, state.Next);
    const inner = inside(state);
    if (inner.length > 0) return inner.flatMap((each) => transitions(each, onward));
    const caught = (state.Catch ?? []).flatMap(({ ErrorEquals: errors, Next: next }) =>
      entries(workflow, next).map((to) => ({ from, to, errors })),
    );
    return [...onward.map((to) => ({ from, to, errors: [] })), ...caught];
  });
}

const inside = ({ Branches: branches = [], ItemProcessor: each }: State): readonly States[] =>
  each === undefined ? branches : [each];

/** Where one arrives on entering a state: in a container, at the beginnings inside. */
function entries({ States: states }: States, name: string): string[] {
  const state = states[name];
  const inner = state === undefined ? [] : inside(state);
  return inner.length === 0 ? [name] : inner.flatMap((each) => entries(each, each.StartAt));
}

/** The workflow as a Mermaid flowchart. */
export function workflowDiagram(workflow: States): string {
  const arrows = transitions(workflow).map(({ from, to, errors }) =>
    errors.length === 0 ? `  ${from} --> ${to}` : `  ${from} -. "${errors.join('<br>')}" .-> ${to}`,
  );
  return [
    'flowchart TD',
    '  Start([an incident was accepted])',
    `  ${END}([the execution ends])`,
    ...boxes(workflow, '  '),
    ...entries(workflow, workflow.StartAt).map((name) => `  Start --> ${name}`),
    ...arrows,
    '',
  ].join('\n');
}

function boxes({ States: states }: States, indent: string): string[] {
  return Object.entries(states).flatMap(([name, state]) => {
    const inner = inside(state);
    if (inner.length === 0) return [`${indent}${name}["${label(name, state)}"]`];
    const what = state.Type === 'Map' ? `once for each of ${state.ItemsPath ?? '$'}` : 'side by side';
    return [
      `${indent}subgraph ${name} ["${name}: ${what}"]`,
      ...inner.flatMap((each) => boxes(each, `${indent}  `)),
      `${indent}end`,
    ];
  });
}

function label(name: string, { Resource: resource, TimeoutSeconds: seconds }: State): string {
  if (resource === undefined) return name;
  const [action = ''] = resource.replace(/^arn:aws:states:::(aws-sdk:)?/, '').split('.');
  const waits = resource.endsWith('.waitForTaskToken') ? `, then waits ${seconds ?? 0} s at most` : '';
  return `${name}<br><i>${action}${waits}</i>`;
}

/** The document with the present picture in it. */
export function withDiagram(document: string, diagram: string): string {
  if (!MARKS.test(document)) throw new Error('docs/runbooks/automation.md has no place for the workflow');
  return document.replace(
    MARKS,
    (_, begin: string, end: string) => `${begin}\n\`\`\`mermaid\n${diagram}\`\`\`\n\n${end}`,
  );
}

if (import.meta.main) {
  const diagram = workflowDiagram(await readWorkflow());
  await writeFile(DOCUMENT, withDiagram(await readFile(DOCUMENT, 'utf8'), diagram));
}
