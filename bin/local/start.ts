import { constants } from 'node:os';
import { namesOf, type RealProviders, realProviders } from './credentials.ts';
import { readStartSettings } from './environment.ts';
import { LocalRunError, messageOf } from './errors.ts';
import { guide } from './guide.ts';
import { raiseSample } from './sample.ts';
import { type LocalStack, startLocalStack } from './stack.ts';
import { talkative } from './progress.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const interrupted = new AbortController();
const ended = new Promise<NodeJS.Signals>((resolve) => {
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      interrupted.abort(signal);
      resolve(signal);
    });
  }
});

try {
  const settings = readStartSettings();
  const real: RealProviders = realProviders(settings);
  const progress = talkative(process.stdout);
  const stack: LocalStack = await startLocalStack({
    port: settings.PORT,
    ackTimeoutSeconds: settings.ACK_TIMEOUT_SECONDS,
    apiToken: settings.API_TOKEN,
    real,
    progress,
    signal: interrupted.signal,
  });
  try {
    const correlationId = await progress.step('Sample Sev1 incident posted', () => raiseSample(stack));
    process.stdout.write(guide(stack, correlationId, namesOf(real), settings.ACK_TIMEOUT_SECONDS));
    await ended;
    process.stdout.write('\nStopping…\n');
  } finally {
    await stack.stop();
  }
} catch (error) {
  if (interrupted.signal.aborted) {
    const signal = interrupted.signal.reason as (typeof SIGNALS)[number];
    process.stderr.write(`\nInterrupted by ${signal}; everything was ended.\n`);
    process.exitCode = 128 + constants.signals[signal];
  } else {
    process.stderr.write(`\n${messageOf(error)}\n`);
    if (error instanceof LocalRunError) process.stderr.write(`\n${error.advice}\n`);
    else if (error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
    process.exitCode = 1;
  }
}
// Connections kept alive for reuse would hold the process for seconds more.
process.exit();
