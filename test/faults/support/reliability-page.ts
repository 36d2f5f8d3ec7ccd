import { FAULTS } from './faults.ts';
import type { Finding } from './findings.ts';
import { MENDED } from './mended.ts';

/** The page's tables, in order. `file` is where the tests are, below test/faults. */
export const SECTIONS = [
  {
    name: 'Crash matrix',
    file: 'crash-matrix.test.ts',
    about:
      'Each handler is run as it is deployed (the very bundle), cold, with every call it makes outward going through a proxy, ' +
      'which refuses what the function’s role in the template does not allow, as IAM would. ' +
      'A run in which nothing goes wrong records the calls; then every fault below is put at each of them, one at a time, and ' +
      'the platform does what it does: the stream brings the records again, SQS the message, the sender the request. In the ' +
      'end there must be one incident and one execution for the event, one message a channel as a person sees it, showing the ' +
      'final state, at most the page that is due, a whole saga, and nothing left in any queue. The handlers that run on a ' +
      'schedule have their tests in auditor.test.ts, breaker.test.ts and the heartbeat’s.',
  },
  {
    name: 'Provider matrix',
    file: 'provider-matrix.test.ts',
    about:
      'The queue worker around each channel, with the number of tries of `cdk.json`: calls to the provider until it was told ' +
      'or given up. What is given up fails the workflow’s task and ends in the dead-letter queue by SQS’s own redrive policy. ' +
      'The channels themselves have a contract of their own in test/contract.',
  },
  {
    name: 'Redrive',
    file: 'redrive.test.ts',
    about:
      'From each dead-letter queue, after the execution has closed; a message gets a new id by its redrive.',
  },
  {
    name: 'Races',
    file: 'acknowledgement-races.test.ts',
    about:
      'The production stores, delivery code and PagerDuty channel. In turns, a schedule decides whose write is next, and a ' +
      'model says what each acknowledger must be told given that order.',
  },
  {
    name: 'Malformed',
    file: 'malformed.test.ts',
    about: 'What cannot be read goes to its dead-letter queue, once, and holds up nothing behind it.',
  },
  {
    name: 'Priority',
    file: 'deployed.test.ts',
    about: 'A Sev1 posted behind a backlog of Sev3, while every provider takes 600 ms to answer.',
  },
  {
    name: 'Storm',
    file: 'storm.test.ts, deployed.test.ts',
    about:
      'The real ingest handler and relay; Step Functions is a stub with the token bucket of StartExecution. The run prints ' +
      'how long the storm took to drain.',
  },
  {
    name: 'Fuzz',
    file: 'fuzz.test.ts',
    about:
      'Hostile bodies and headers, another seed each run; one request in twenty carries a valid token or signature.',
  },
  {
    name: 'Planted bugs',
    file: 'planted-bugs.test.ts',
    about:
      'Each bug is put into a copy of the code, the handlers are built with it, and the case of the crash matrix named here ' +
      'fails; without the bug it passes.',
  },
] as const;

const INTRO = `# Reliability: what was tried

This page is made by \`npm run test:faults\`, which says so when the run found something else;
\`WRITE_DOCS=1 npm run test:faults\` writes it. All of it runs in \`npm test\`.
`;

/** The page, from what a whole run found. */
export function reliabilityPage(findings: readonly Finding[]): string {
  const sections = SECTIONS.map(({ name, file, about }) => {
    const lines = merged(findings.filter(({ section }) => section === name));
    const extra = name === 'Crash matrix' ? faultsTable(lines) : '';
    return `## ${name}\n\n\`test/faults/${file.replace(', ', '\`, \`test/faults/')}\`\n\n${about}\n\n${extra}${table(lines)}`;
  });
  const mended = MENDED.map(({ what, now, by }) => `| ${what} | ${now} | ${by} |`).join('\n');
  const found = `## Found and mended\n\nWhat these tests found when they were first run.\n\n| what went wrong | now | found by |\n| --- | --- | --- |\n${mended}\n`;
  return [INTRO, ...sections, found].join('\n');
}

interface Line {
  readonly what: string;
  readonly cells: Readonly<Record<string, string | number>>;
}

/** One line for each thing tried; tests may each have told a cell of it. */
function merged(findings: readonly Finding[]): Line[] {
  const lines = new Map<string, Record<string, string | number>>();
  for (const { what, cells } of findings) lines.set(what, { ...lines.get(what), ...cells });
  return [...lines].map(([what, cells]) => ({ what, cells })).sort((a, b) => (a.what < b.what ? -1 : 1));
}

function table(lines: readonly Line[]): string {
  const columns = [...new Set(lines.flatMap(({ cells }) => Object.keys(cells)))].sort(byUse(lines));
  const head = `| | ${columns.join(' | ')} |\n| --- |${' --- |'.repeat(columns.length)}`;
  const rows = lines.map(
    ({ what, cells }) => `| ${what} | ${columns.map((column) => cells[column] ?? '').join(' | ')} |`,
  );
  return `${head}\n${rows.join('\n')}\n`;
}

/** Columns in the order in which the fullest line has them: tests may end in any order. */
const byUse = (lines: readonly Line[]) => {
  const known = ['slack', 'discord', 'zapier', 'pagerduty'];
  const rank = (column: string) => known.indexOf(column);
  const first = lines[0] === undefined ? [] : Object.keys(lines[0].cells);
  return (a: string, b: string) => rank(a) - rank(b) || first.indexOf(a) - first.indexOf(b);
};

function faultsTable(lines: readonly Line[]): string {
  const total = lines.reduce((sum, { cells }) => sum + Number(cells['cases tried'] ?? 0), 0);
  const calls = lines.reduce((sum, { cells }) => sum + Number(cells['calls made'] ?? 0), 0);
  const kinds = Object.entries(FAULTS).map(([name, means]) => `| ${name} | ${means} |`);
  return `**${total} cases**: ${calls} calls in ${lines.length} scenarios. Nothing was lost and nothing was told twice in any of them.\n\n| fault | what happens |\n| --- | --- |\n${kinds.join('\n')}\n\n`;
}
