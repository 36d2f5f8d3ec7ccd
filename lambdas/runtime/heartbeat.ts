import { setTimeout } from 'node:timers/promises';
import type { ExecutionState } from '../domain/audit.ts';
import type { Incident } from '../domain/incident.ts';
import type { HeartbeatApi } from './heartbeat-api.ts';
import { logger, measure } from './telemetry.ts';

/** From first to last; a healthy one takes one to three seconds, cold starts included. */
const WITHIN_MS = 45_000;
const LOOK_EVERY_MS = 500;

export interface HeartbeatDependencies {
  readonly api: HeartbeatApi;
  readonly incident: (correlationId: string) => Promise<Incident | undefined>;
  readonly execution: (correlationId: string) => Promise<ExecutionState>;
  readonly now: () => Date;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** What became of a heartbeat; when it did not come back, the step in which it was lost. */
export type Heartbeat =
  | { readonly returned: true; readonly correlation_id: string; readonly duration_ms: number }
  | { readonly returned: false; readonly step: string; readonly error: string };

/**
 * Sends an incident that concerns nobody on its way, and goes with it: in by the API, through the workflow to where it
 * waits for somebody, acknowledged by the API, and the workflow has ended well. One that does not come back is a metric
 * and a log line, and no error of this function.
 */
export async function beat(deps: HeartbeatDependencies): Promise<Heartbeat> {
  const started = deps.now().getTime();
  const deadline = started + WITHIN_MS;
  let step = 'raise';
  try {
    const correlationId = await deps.api.raise();
    step = 'wait';
    await until(async () => (await deps.incident(correlationId))?.task_token !== undefined, deadline, deps);
    step = 'acknowledge';
    await deps.api.acknowledge(correlationId);
    step = 'finish';
    await until(async () => hasSucceeded(await deps.execution(correlationId)), deadline, deps);
    const duration_ms = deps.now().getTime() - started;
    measure('heartbeatReturned', 1);
    measure('heartbeatDuration', duration_ms);
    logger.info('Heartbeat came back', { correlation_id: correlationId, duration_ms });
    return { returned: true, correlation_id: correlationId, duration_ms };
  } catch (error) {
    measure('heartbeatReturned', 0);
    logger.error('Heartbeat did not come back', { step, error });
    return { returned: false, step, error: String(error) };
  }
}

function hasSucceeded({ status }: ExecutionState): boolean {
  if (status === 'succeeded' || status === 'running') return status === 'succeeded';
  throw new Error(`Its execution is ${status}`);
}

async function until(
  look: () => Promise<boolean>,
  deadline: number,
  { now, pause = setTimeout }: HeartbeatDependencies,
): Promise<void> {
  while (!(await look())) {
    if (now().getTime() >= deadline) throw new Error(`Not within ${WITHIN_MS / 1_000} s of its start`);
    await pause(LOOK_EVERY_MS);
  }
}
