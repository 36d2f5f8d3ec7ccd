import type { IncomingHttpHeaders } from 'node:http';

interface AwsInput {
  readonly Key?: { readonly sk?: { readonly S?: string } };
  readonly Item?: { readonly sk?: { readonly S?: string } };
  readonly QueueUrl?: string;
}

/**
 * What a call is, in words that stay the same from run to run: the service's operation and what it is about, so that
 * calls made side by side can be told apart.
 */
export function awsCallName(headers: IncomingHttpHeaders, body: string): string {
  const [service = '', operation = ''] = String(headers['x-amz-target']).split('.');
  const input = (body === '' ? {} : JSON.parse(body)) as AwsInput;
  const about = input.Key?.sk?.S ?? input.Item?.sk?.S ?? queueName(input.QueueUrl);
  const known = SERVICES.find(([prefix]) => service.startsWith(prefix));
  const name = `${known?.[1] ?? service} ${operation}`;
  return about === undefined ? name : `${name} ${stable(about)}`;
}

const SERVICES = [
  ['DynamoDB', 'DynamoDB'],
  ['AmazonSQS', 'SQS'],
  ['AWSStepFunctions', 'StepFunctions'],
  ['secretsmanager', 'SecretsManager'],
] as const;

const queueName = (url: string | undefined): string | undefined =>
  url === undefined ? undefined : /[a-z]+-(?:urgent|standard|relay-dlq|changes-dlq)$/.exec(url)?.[0];

/** Without ids and times. */
const stable = (sk: string): string =>
  /^[0-9a-f]{8}-/.test(sk) ? 'link' : (/^(?:saga|calls)(?=#)/.exec(sk)?.[0] ?? sk);

/** A call to a provider: its method and path without ids. */
export function providerCallName(method: string, path: string, body: string): string {
  const [, provider = '', ...rest] = path.replace(/\?.*$/, '').replace('/providers/', '/').split('/');
  if (provider === 'slack') {
    const thread = /(?:^|&)thread_ts=/.test(body) ? ' in thread' : '';
    return `slack ${rest[0] === 'response' ? 'response_url' : (rest.at(-1) ?? '')}${thread}`;
  }
  if (provider === 'pagerduty') return `pagerduty ${/"event_action":"(\w+)"/.exec(body)?.[1] ?? ''}`;
  if (provider === 'zapier') return `zapier ${rest.filter((part) => part !== '').at(-1) ?? ''}`;
  const known = new Set(['channels', 'messages', 'threads']);
  const words = rest.filter((part) => known.has(part));
  return `${provider} ${method} ${words.join('/')}`;
}
