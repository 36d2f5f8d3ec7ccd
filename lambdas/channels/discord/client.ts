import { exchange, failure, type HttpAnswer, type HttpCall, type HttpOptions } from '../http.ts';
import type { DeliveryError } from '../../domain/delivery.ts';
import { property } from '../json.ts';
import { outcomeOf, retryAfterSeconds } from '../outcome.ts';

export interface DiscordClientOptions extends HttpOptions {
  readonly botToken: string;
  /** `https://discord.com/api/v10`. */
  readonly baseUrl: string;
}

export interface DiscordRequest {
  /** For error messages. */
  readonly what: string;
  readonly method: HttpCall['method'];
  /** Below the base URL, beginning with a slash. */
  readonly path: string;
  readonly json?: unknown;
}

// Discord asks for this form and blocks others (discord.com/developers/docs/reference, User Agent).
const USER_AGENT = 'DiscordBot (incident-orchestrator, 1.0)';

/** Discord's REST API, v10: one call, no retry. */
export class DiscordClient {
  readonly #options: DiscordClientOptions;

  constructor(options: DiscordClientOptions) {
    this.#options = options;
  }

  /** @throws DeliveryError for anything but a 2xx */
  async call(request: DiscordRequest): Promise<HttpAnswer> {
    const answer = await this.answerTo(request);
    if (outcomeOf(answer.status) !== 'success') throw this.failure(request, answer);
    return answer;
  }

  /** @throws DeliveryError when there was no answer */
  answerTo(request: DiscordRequest): Promise<HttpAnswer> {
    const { botToken, baseUrl } = this.#options;
    return exchange(
      {
        what: `discord ${request.what}`,
        method: request.method,
        url: `${baseUrl.replace(/\/$/, '')}${request.path}`,
        headers: { authorization: `Bot ${botToken}`, 'user-agent': USER_AGENT },
        ...(request.json === undefined ? {} : { json: request.json }),
        secrets: [botToken],
      },
      this.#options,
    );
  }

  failure(request: DiscordRequest, answer: HttpAnswer): DeliveryError {
    const call = { what: `discord ${request.what}`, secrets: [this.#options.botToken] };
    const wait = answer.status === 429 ? waitSeconds(answer) : undefined;
    const global = property(answer.json, 'global') === true ? ', global limit' : '';
    const text = errorText(answer.json);
    return failure(call, answer, {
      ...(text === undefined ? {} : { text: `${text}${global}` }),
      ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
    });
  }
}

/** Code of Discord's JSON errors; undefined when the answer is no such. */
export const errorCode = (answer: HttpAnswer): number | undefined => {
  const code = property(answer.json, 'code');
  return typeof code === 'number' ? code : undefined;
};

function errorText(json: unknown): string | undefined {
  const message = property(json, 'message');
  if (typeof message !== 'string') return undefined;
  const code = property(json, 'code');
  return `${typeof code === 'number' ? `${code} ` : ''}${message.slice(0, 200)}`;
}

/** The longer of what body and header say: the body has the fraction, Cloudflare's own 429 only the header. */
function waitSeconds({ json, headers }: HttpAnswer): number | undefined {
  const body = property(json, 'retry_after');
  const said = [
    typeof body === 'number' && body >= 0 ? body : undefined,
    retryAfterSeconds(headers.get('retry-after'), new Date()),
  ].filter((seconds) => seconds !== undefined);
  return said.length === 0 ? undefined : Math.max(...said);
}
