import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parse, type z } from '../domain/schema.ts';

/** A rotated secret is used after this long at the latest; one call in five minutes costs next to nothing. */
const TTL_MS = 5 * 60_000;
/** A wrong token makes us look for a new secret at most this often, so that guessing costs no calls. */
const REFRESH_MS = 10_000;

/** A secret of Secrets Manager, checked against its schema and kept for five minutes. */
export class CachedSecret<S extends z.ZodMiniType> {
  readonly #client: SecretsManagerClient;
  readonly #id: string;
  readonly #schema: S;
  readonly #now: () => number;
  #last: { readonly text: string; readonly value: z.output<S> } | undefined;
  #cached: { readonly value: Promise<z.output<S>>; readonly at: number } | undefined;

  constructor(client: SecretsManagerClient, id: string, schema: S, now: () => number = Date.now) {
    this.#client = client;
    this.#id = id;
    this.#schema = schema;
    this.#now = now;
  }

  /** @throws Error naming the secret and its wrong members, never their values */
  get(): Promise<z.output<S>> {
    return this.#youngerThan(TTL_MS);
  }

  /**
   * The secret read anew, unless that happened a moment ago: for a credential that was not recognised. An unchanged
   * secret is the same object as before.
   */
  refresh(): Promise<z.output<S>> {
    return this.#youngerThan(REFRESH_MS);
  }

  #youngerThan(ms: number): Promise<z.output<S>> {
    if (this.#cached !== undefined && this.#now() - this.#cached.at < ms) return this.#cached.value;
    const entry = { value: this.#fetch(), at: this.#now() };
    this.#cached = entry;
    entry.value.catch(() => {
      if (this.#cached === entry) this.#cached = undefined;
    });
    return entry.value;
  }

  async #fetch(): Promise<z.output<S>> {
    const { SecretString: text = '' } = await this.#client.send(
      new GetSecretValueCommand({ SecretId: this.#id }),
    );
    if (this.#last?.text === text) return this.#last.value;
    const parsed = parse(this.#schema, parseJson(text));
    if (parsed.ok) {
      this.#last = { text, value: parsed.value };
      return parsed.value;
    }
    const wrong = parsed.errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
    throw new Error(`Secret ${this.#id} is not usable. ${wrong}. Set it with: npm run ops -- configure`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
