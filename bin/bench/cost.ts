import { readFileSync } from 'node:fs';
import type { IncidentRun } from './incident-runs.ts';
import { PRICES } from './prices.ts';
import { ACKNOWLEDGED, type Course, ESCALATED, type Machine, transitionsOf } from './transitions.ts';

/** What an incident takes of each service, and what that costs. */
export interface Cost {
  readonly transitions: number;
  readonly apiRequests: number;
  readonly lambdaInvocations: number;
  readonly lambdaMs: number;
  readonly awsCalls: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly sqsRequests: number;
  readonly logBytes: number;
  /** Dollars per million incidents, by service, dearest first. */
  readonly dollars: readonly (readonly [service: string, dollars: number])[];
}

const file = new URL('../../statemachines/incident-escalation.asl.json', import.meta.url);
const machine = () => JSON.parse(readFileSync(file, 'utf8')) as Machine;
/** Sent by the workflow itself, beside those that the functions send: each Deliver and the page. */
const DELIVERIES = 4;

export const acknowledgedCost = (run: IncidentRun): Cost =>
  costOf(run, ACKNOWLEDGED, { apiRequests: 2, sentByWorkflow: DELIVERIES });
export const escalatedCost = (run: IncidentRun): Cost =>
  costOf(run, ESCALATED, { apiRequests: 1, sentByWorkflow: DELIVERIES + 1 });

function costOf(
  { work, functions }: IncidentRun,
  course: Course,
  { apiRequests, sentByWorkflow }: { apiRequests: number; sentByWorkflow: number },
): Cost {
  const { calls } = work;
  const sum = (of: (each: (typeof functions)[number]) => number) =>
    functions.reduce((total, each) => total + of(each), 0);
  const secretCalls = calls['Secrets Manager GetSecretValue'] ?? 0;
  const transitions = transitionsOf(machine(), course);
  // The workflow parks its token with one write of the incident's item, which no index shows.
  const writeUnits = work.writeUnits + 1;
  // Each message is sent, received and deleted.
  const messages = sentByWorkflow + (calls['SQS SendMessage'] ?? 0);
  const sqsRequests = 3 * messages + (calls['SQS ChangeMessageVisibility'] ?? 0);
  const lambdaInvocations = sum(({ invocations }) => invocations);
  const logBytes = sum(({ logBytes: bytes }) => bytes);
  const each: [string, number][] = [
    ['Step Functions', transitions * PRICES.transition],
    ['DynamoDB', writeUnits * PRICES.writeUnit + work.readUnits * PRICES.readUnit],
    [
      'Lambda',
      lambdaInvocations * PRICES.lambdaRequest +
        sum(({ ms, memoryMb }) => (ms / 1_000) * (memoryMb / 1_024)) * PRICES.lambdaGbSecond,
    ],
    ['SQS', sqsRequests * PRICES.sqsRequest],
    ['CloudWatch Logs', (logBytes / 1e9) * PRICES.logGb],
    ['API Gateway', apiRequests * PRICES.apiRequest],
    ['Secrets Manager', secretCalls * PRICES.secretCall],
  ];
  return {
    transitions,
    apiRequests,
    lambdaInvocations,
    lambdaMs: sum(({ ms }) => ms),
    awsCalls: Object.values(calls).reduce((total, count) => total + count, 0),
    writeUnits,
    readUnits: work.readUnits,
    sqsRequests,
    logBytes,
    dollars: each
      .map(([service, dollars]) => [service, dollars * 1e6] as const)
      .sort(([, a], [, b]) => b - a),
  };
}

export const totalDollars = ({ dollars }: Cost): number => dollars.reduce((sum, [, each]) => sum + each, 0);
