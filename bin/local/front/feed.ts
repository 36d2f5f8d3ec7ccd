import type { ServerResponse } from 'node:http';

// Changes that come in a burst reach the page as one.
const GATHER_MS = 40;
// Proxies and browsers drop a stream on which nothing comes for a minute.
const HEARTBEAT_MS = 20_000;

/** Server-sent events: each listener gets the whole topic again when it changes, so nothing is missed. */
export class Feed {
  readonly #listeners = new Set<ServerResponse>();
  readonly #changed = new Set<string>();
  readonly #read: (topic: string) => unknown;
  readonly #topics: readonly string[];
  readonly #heartbeat: NodeJS.Timeout;
  #timer: NodeJS.Timeout | undefined;

  constructor(topics: readonly string[], read: (topic: string) => unknown) {
    this.#topics = topics;
    this.#read = read;
    this.#heartbeat = setInterval(() => {
      for (const listener of this.#listeners) listener.write(': still here\n\n');
    }, HEARTBEAT_MS).unref();
  }

  /** Starts the stream with every topic as it is now. */
  open(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(this.#topics.map((topic) => this.#event(topic)).join(''));
    this.#listeners.add(response);
    response.on('close', () => this.#listeners.delete(response));
  }

  changed(topic: string): void {
    this.#changed.add(topic);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const events = [...this.#changed].map((each) => this.#event(each)).join('');
      this.#changed.clear();
      for (const listener of this.#listeners) listener.write(events);
    }, GATHER_MS).unref();
  }

  close(): void {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#timer);
    for (const listener of this.#listeners) listener.end();
  }

  #event(topic: string): string {
    return `event: ${topic}\ndata: ${JSON.stringify(this.#read(topic))}\n\n`;
  }
}
