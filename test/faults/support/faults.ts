import type { ProviderName } from '../../../bin/local/simulators/simulator.ts';

/** What can befall a call. */
export const FAULTS = {
  'refused before it':
    'The connection breaks before the service has the request; every attempt of the client.',
  'done, answer lost': 'The service does it, then the connection breaks; every attempt of the client.',
  'done, answer lost once': 'As above, but the second attempt of the client goes through.',
  throttled: 'The service’s own throttling error, or the provider’s own 429; every attempt of the client.',
  'timed out': 'Nothing comes back until the client gives up by its own timeout.',
  'process gone before it': 'The process dies as it is about to make the call.',
  'process gone after it': 'The service does it; the process dies before it has the answer.',
} as const;
export type Fault = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as Fault[];

const ONLY_FOR_WRITES = new Set<Fault>([
  'done, answer lost',
  'done, answer lost once',
  'process gone after it',
]);
/** What only reads: done or not, nothing is there afterwards that was not there before. */
const READS = /(?: (?:GetItem|Query|GetSecretValue)\b|^slack (?:conversations|auth|users)\.|^discord GET )/;

/**
 * A read that was done and one that was not leave the same behind, so a fault on either side of it is one fault; and
 * providers have no second attempt of a client.
 */
export const faultsOf = (call: string): Fault[] =>
  FAULT_NAMES.filter((name) => {
    if (READS.test(call)) return !ONLY_FOR_WRITES.has(name);
    return !isProviderCall(call) || name !== 'done, answer lost once';
  });

export const isProviderCall = (call: string): boolean => /^(slack|discord|zapier|pagerduty) /.test(call);
export const providerOf = (call: string): ProviderName => call.split(' ')[0] as ProviderName;

/** How each service says that it was asked too often (its API reference, common errors). */
const THROTTLING: Readonly<Record<string, { readonly type: string; readonly message: string }>> = {
  DynamoDB: {
    type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException',
    message: 'Rate of requests exceeds the allowed throughput.',
  },
  SQS: { type: 'com.amazonaws.sqs#RequestThrottled', message: 'Request is throttled.' },
  StepFunctions: { type: 'ThrottlingException', message: 'Rate exceeded' },
  SecretsManager: { type: 'ThrottlingException', message: 'Rate exceeded' },
};

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A service's answer to a call too many. */
export function throttlingAnswer(call: string): WireAnswer {
  const error = THROTTLING[call.split(' ')[0] ?? ''];
  if (error === undefined) throw new Error(`How is ${call} throttled?`);
  return {
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({ __type: error.type, message: error.message }),
  };
}
