import { cpus } from 'node:os';
import { totalDollars, type Cost } from './cost.ts';
import type { EngineFigures } from './engine-figures.ts';
import { type Figure, type Group, passes } from './figure.ts';
import { NOTES } from './notes.ts';
import { PRICES } from './prices.ts';
import { markdownTable } from './table.ts';

/** docs/performance.md, whole. */
export function report(figures: readonly Figure[], costs: EngineFigures['costs'], on: Date): string {
  const missed = figures.filter((figure) => !passes(figure));
  const groups = Map.groupBy(figures, ({ group }) => group);
  return `${[
    '# Performance',
    'Written by `npm run bench`; do not edit. What is said of each figure is kept in `bin/bench/notes.ts`.',
    NOTES.reading,
    `Measured on ${on.toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} cores (${process.arch}).`,
    missed.length === 0
      ? 'Every figure reaches its target.'
      : `${missed.length} of ${figures.length} figures miss their target: ${missed.map(({ group, name }) => `${name} (${group})`).join('; ')}. The reasons are below each table.`,
    ...[...groups].flatMap(([group, of]) => section(group, of)),
    '## What an incident costs',
    costTable(costs),
    NOTES.cost,
    '## Repeating it',
    NOTES.repeating,
  ].join('\n\n')}\n`;
}

function section(group: Group, figures: readonly Figure[]): string[] {
  const { what, done, miss } = NOTES.groups[group];
  return [
    `## ${group}`,
    what,
    markdownTable(figures),
    done,
    ...(figures.every(passes) ? [] : [`**Why it misses.** ${miss}`]),
  ];
}

function costTable({ acknowledged, escalated }: EngineFigures['costs']): string {
  const line = (...cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const share = (cost: Cost, service: string): string => {
    const dollars = cost.dollars.find(([name]) => name === service)?.[1] ?? 0;
    return `$${dollars.toFixed(2)} (${Math.round((100 * dollars) / totalDollars(cost))} %)`;
  };
  const amounts: [string, (cost: Cost) => number][] = [
    ['state transitions', ({ transitions }) => transitions],
    ['API requests', ({ apiRequests }) => apiRequests],
    ['Lambda invocations', ({ lambdaInvocations }) => lambdaInvocations],
    ['Lambda milliseconds', ({ lambdaMs }) => lambdaMs],
    ['AWS calls made by the functions', ({ awsCalls }) => awsCalls],
    ['DynamoDB write units', ({ writeUnits }) => writeUnits],
    ['DynamoDB read units', ({ readUnits }) => readUnits],
    ['SQS requests', ({ sqsRequests }) => sqsRequests],
    ['log bytes', ({ logBytes }) => logBytes],
  ];
  return [
    line('per incident', 'acknowledged Sev1', 'escalated Sev1'),
    line('---', '--:', '--:'),
    ...amounts.map(([name, of]) => line(name, String(of(acknowledged)), String(of(escalated)))),
    '',
    line(
      `dollars per million incidents, prices of ${PRICES.asOf}, ${PRICES.region}`,
      'acknowledged',
      'escalated',
    ),
    line('---', '--:', '--:'),
    ...acknowledged.dollars.map(([service]) =>
      line(service, share(acknowledged, service), share(escalated, service)),
    ),
    line(
      '**together**',
      `**$${totalDollars(acknowledged).toFixed(2)}**`,
      `**$${totalDollars(escalated).toFixed(2)}**`,
    ),
  ].join('\n');
}
