import { isRecord, parseJson } from '../http.ts';

/** One request as the provider received it. `status` is null until it was answered, for good if it never is. */
export interface RecordedRequest {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly method: string;
  /** With its query, as the provider itself would have seen it. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded: JSON, or the fields of a form, those that hold JSON decoded too; else the text. */
  readonly body: unknown;
  status: number | null;
}

// Far above what one run sends; only keeps a forgotten load test from eating the memory.
const KEPT = 10_000;

/** What a provider received, oldest first. */
export class Recorder {
  #requests: RecordedRequest[] = [];

  get requests(): readonly RecordedRequest[] {
    return this.#requests;
  }

  add(request: RecordedRequest): RecordedRequest {
    this.#requests.push(request);
    if (this.#requests.length > KEPT) this.#requests.shift();
    return request;
  }

  clear(): void {
    this.#requests = [];
  }
}

/** Decodes a body by its content type, and leaves as text what cannot be decoded. */
export function decodeBody(contentType: string | undefined, body: Buffer): unknown {
  const text = body.toString('utf8');
  if (text === '') return null;
  if (contentType?.startsWith('application/x-www-form-urlencoded') === true) {
    return Object.fromEntries([...new URLSearchParams(text)].map(([key, value]) => [key, structured(value)]));
  }
  return parseJson(text) ?? text;
}

/** Objects and arrays inside a form come as JSON text; plain values stay the text they are. */
function structured(value: string): unknown {
  const parsed = /^[[{]/.test(value) ? parseJson(value) : undefined;
  return isRecord(parsed) || Array.isArray(parsed) ? parsed : value;
}
