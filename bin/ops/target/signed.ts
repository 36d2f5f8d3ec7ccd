import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { OpsError } from '../cli/errors.ts';
import type { Clients } from './clients.ts';
import type { Target } from './target.ts';

/** An AWS API that speaks JSON 1.0: its name for signing and endpoint, and the prefix of its operations. */
export interface JsonApi {
  readonly service: string;
  readonly operations: string;
}

/** CloudWatch, which no client of this project covers. */
export const CLOUDWATCH: JsonApi = { service: 'monitoring', operations: 'GraniteServiceVersion20100801' };

const TIMEOUT_MS = 10_000;

/** Calls one operation with the credentials and the region of the other clients. */
export async function callJsonApi(
  target: Target,
  { sqs }: Clients,
  { service, operations }: JsonApi,
  operation: string,
  input: object,
): Promise<Readonly<Record<string, unknown>>> {
  const region = await sqs.config.region();
  const endpoint = new URL(target.run?.endpoint ?? `https://${service}.${region}.amazonaws.com`);
  const body = JSON.stringify(input);
  const signer = new SignatureV4({ credentials: sqs.config.credentials, region, service, sha256: Sha256 });
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: endpoint.protocol,
    hostname: endpoint.hostname,
    path: '/',
    query: {},
    headers: {
      host: endpoint.host,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${operations}.${operation}`,
    },
    body,
  });
  const response = await fetch(endpoint, {
    method: 'POST',
    headers,
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  if (response.ok) return answer;
  const why = [answer['__type'], answer['message'] ?? answer['Message']].filter(
    (part) => typeof part === 'string',
  );
  throw new OpsError(
    `${service}:${operation} was refused: HTTP ${response.status} ${why.join(' ')}`,
    `Use credentials that may do ${service === 'monitoring' ? 'cloudwatch' : service}:${operation}`,
  );
}

/** Node's own hash, as the signer wants it. */
class Sha256 {
  readonly #hash: ReturnType<typeof createHash | typeof createHmac>;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytes(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    throw new Error('One hash, one digest');
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
