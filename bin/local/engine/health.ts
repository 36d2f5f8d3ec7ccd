import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { LocalRunError } from '../errors.ts';
import { waitFor } from '../wait.ts';

/** Settings of MiniStack that are the same however it is run. */
export const engineSettings = (port: number): Record<string, string> => ({
  GATEWAY_PORT: String(port),
  BIND_HOST: '127.0.0.1',
  LAMBDA_EXECUTOR: 'local',
  // Idle workers that a burst left over; the first of each function stays warm anyway.
  LAMBDA_WARM_TTL_SECONDS: '60',
  // Listeners on fixed ports, on which two engines would meet.
  IOT_MTLS_ENABLED: '0',
  SFTP_ENABLED: '0',
  LOG_LEVEL: 'INFO',
});

/** `true` when an engine (MiniStack, or what is compatible with it) answers there; undefined otherwise. */
export async function healthy(endpoint: string): Promise<true | undefined> {
  for (const path of ['/_ministack/health', '/_localstack/health']) {
    try {
      const response = await fetch(endpoint + path, { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      if (response.ok) return true;
    } catch {
      // Not listening yet, which is what we wait for.
    }
  }
  return undefined;
}

export interface HealthOptions {
  readonly logFile: string;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds. */
  readonly within: number;
  readonly hasEnded: () => boolean;
}

/**
 * Waits for an engine that was just started.
 *
 * @throws LocalRunError when it ends or stays silent
 */
export async function untilHealthy(endpoint: string, options: HealthOptions): Promise<void> {
  const { logFile, signal, within, hasEnded } = options;
  const look = async () => (hasEnded() ? 'ended' : (await healthy(endpoint)) && 'healthy');
  const state = await waitFor(look, { within, signal });
  if (state === 'healthy') return;
  const what =
    state === 'ended' ? 'ended while it was starting' : `did not become healthy within ${within / 1_000} s`;
  throw new LocalRunError(`The local AWS engine ${what}.`, `Its log says why: ${logFile}`);
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
