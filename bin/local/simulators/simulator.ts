import type { Answer } from '../http.ts';

export const PROVIDERS = ['slack', 'discord', 'zapier', 'pagerduty'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** A request as a provider gets it: its path starts where the provider's own host would start it. */
export interface ProviderRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What the deployed API answered to a callback. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends a callback to the deployed API, as the provider would. */
export type CallApi = (path: string, headers: Record<string, string>, body: string) => Promise<ApiAnswer>;

/** A provider played locally. */
export interface Simulator {
  readonly name: ProviderName;
  /** Answers a request of the provider's API, keeping what it says. */
  handle(request: ProviderRequest): Answer;
  /** How the provider itself words a failure of that status; `retryAfter`, for a 429, is in seconds. */
  failure(status: number, retryAfter?: number): Answer;
  /** What a person would see at the provider, for the console page; JSON. */
  view(): unknown;
}

/** Who does something at a provider. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** A control that names a message, page or Zap the provider does not have. */
export class NotThere extends Error {}
