import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Progress } from '../local/progress.ts';
import { type LocalStack, startLocalStack } from '../local/stack.ts';
import { acknowledgedCost, type Cost, escalatedCost, totalDollars } from './cost.ts';
import { clientConfig, CountedStack } from './counted-stack.ts';
import { deployPrototype } from './deploy-prototype.ts';
import { counted, type Figure, limited, paired } from './figure.ts';
import { firstNotifications } from './first-notification.ts';
import { openIncidents, sagaEntries, type Growth } from './growth.ts';
import { acknowledged, escalated } from './incident-runs.ts';

const REPETITIONS = 15;
/** Long enough for an acknowledgement in time, short enough to wait for when none is to come. */
const WINDOW_SECONDS = 20;
/** A count that is the same beside few and beside many; ids and times differ by a digit now and then. */
const FLAT = 1.01;

/** What it takes an engine to measure. */
export interface EngineFigures {
  readonly figures: readonly Figure[];
  readonly costs: Readonly<Record<'acknowledged' | 'escalated', Cost>>;
}

export async function engineFigures(folder: string, progress: Progress): Promise<EngineFigures> {
  const stack = await startLocalStack({ ackTimeoutSeconds: WINDOW_SECONDS, progress });
  try {
    const figures = await notificationFigures(stack, folder, progress);
    const all = await CountedStack.of(stack);
    try {
      const costs = await progress.step('Cost', () => costsOf(all));
      figures.push(...costFigures(costs));
      await progress.step('Growth', async () => {
        figures.push(...growthFigures('1 → 50 saga entries', await sagaEntries(all)));
        figures.push(...growthFigures('10 → 10,000 open incidents', await openIncidents(all)));
      });
      return { figures, costs };
    } finally {
      await all.close();
    }
  } finally {
    await stack.stop();
  }
}

async function notificationFigures(stack: LocalStack, folder: string, progress: Progress): Promise<Figure[]> {
  const lambda = new LambdaClient(clientConfig(stack));
  const FunctionName = 'incident-orchestrator-slack-worker';
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const { engineEndpoint: endpoint, account, region } = stack;
  const slack = Environment?.Variables?.['SLACK_BASE_URL'] ?? '';
  const prototype = await progress.step('Prototype deployed', () =>
    deployPrototype({ endpoint, account, region }, slack, folder),
  );
  return progress.step('First notification', async () => {
    const figures: Figure[] = [];
    for (const [severity, name] of [
      ['sev3', 'Slack alone, as the prototype (Sev3)'],
      ['sev1', 'four deliveries at once (Sev1)'],
    ] as const) {
      const pairs = await firstNotifications(stack, prototype, severity, REPETITIONS);
      figures.push(paired('Time to first notification', name, pairs, 1.2));
    }
    return figures;
  });
}

async function costsOf(all: CountedStack) {
  // The first of each starts processes and fetches secrets: that is counted with the cold starts.
  await acknowledged(all);
  await escalated(all);
  return {
    acknowledged: acknowledgedCost(await acknowledged(all)),
    escalated: escalatedCost(await escalated(all)),
  };
}

function costFigures(costs: EngineFigures['costs']): Figure[] {
  const group = 'Transitions and cost';
  return (['acknowledged', 'escalated'] as const).flatMap((how) => {
    const cost = costs[how];
    const figure = (what: string, count: number, target?: number) =>
      limited(group, `${what}, ${how} Sev1`, count, target);
    return [
      figure('state transitions', cost.transitions, how === 'acknowledged' ? 7 : 9),
      figure('AWS calls of the functions', cost.awsCalls),
      figure('Lambda milliseconds', cost.lambdaMs),
      figure('DynamoDB write units', cost.writeUnits),
      figure('dollars per million', totalDollars(cost)),
    ];
  });
}

function growthFigures(name: string, { few, many }: Growth): Figure[] {
  const callsOf = ({ work }: Growth['few']) =>
    Object.values(work.calls).reduce((sum, count) => sum + count, 0);
  const figure = (what: string, of: (run: Growth['few']) => number) =>
    counted('Growth', `${what}, ${name}`, { ours: of(many), floor: of(few), show: String }, FLAT);
  return [
    figure('AWS calls', callsOf),
    figure('bytes to and from AWS', ({ work }) => work.bytes),
    figure('write units', ({ work }) => work.writeUnits),
    figure('read units', ({ work }) => work.readUnits),
  ];
}
