import { type Answer, wireBody } from '../http.ts';
import { type Fault, FaultBox } from './fault.ts';
import { decodeBody, Recorder } from './recorder.ts';
import type { ProviderRequest, Simulator } from './simulator.ts';

/** Resolves after that many milliseconds. */
export type Delay = (milliseconds: number) => Promise<void>;

const realDelay: Delay = (milliseconds) =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });

/** The counter at which a provider is reached: records what comes, and fails as it was told to. */
export class Desk {
  readonly recorder = new Recorder();
  readonly faults = new FaultBox();
  readonly simulator: Simulator;
  readonly #changed: () => void;
  readonly #delay: Delay;

  constructor(simulator: Simulator, changed: () => void = () => undefined, delay: Delay = realDelay) {
    this.simulator = simulator;
    this.#changed = changed;
    this.#delay = delay;
  }

  /** The provider's answer; undefined when it is to hang. */
  async serve(request: ProviderRequest): Promise<Answer | undefined> {
    const query = request.query.size > 0 ? `?${request.query.toString()}` : '';
    const record = this.recorder.add({
      at: new Date().toISOString(),
      method: request.method,
      path: request.path + query,
      headers: request.headers,
      body: decodeBody(request.headers['content-type'], request.body),
      status: null,
    });
    const fault = this.faults.take(record.path);
    const fails = fault !== undefined && (fault.hang === true || fault.status !== undefined);
    const done = fails && fault.accept !== true ? undefined : this.simulator.handle(request);
    this.#changed();
    if (fault?.delay_ms !== undefined) await this.#delay(fault.delay_ms);
    if (fault?.hang === true) return undefined;
    const answer = this.#answer(fault, done);
    record.status = answer.status;
    this.#changed();
    return answer;
  }

  #answer(fault: Fault | undefined, done: Answer | undefined): Answer {
    const headers = Object.fromEntries(
      Object.entries(fault?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    if (done !== undefined && fault?.status === undefined) {
      return { ...done, headers: { ...done.headers, ...headers } };
    }
    const status = fault?.status ?? 500;
    const usual = this.simulator.failure(status, Number(headers['retry-after'] ?? 1));
    const given = fault?.body;
    return {
      status,
      headers: { ...usual.headers, ...headers },
      body: given === undefined ? usual.body : typeof given === 'string' ? given : wireBody(given as object),
    };
  }
}
