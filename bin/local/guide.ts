import type { LocalStack } from './stack.ts';
import type { ProviderName } from './simulators/simulator.ts';

/** What a person reads once everything is up: where to look, and commands that work as they are. */
export function guide(
  { url, apiToken, engineEndpoint }: LocalStack,
  correlationId: string,
  real: readonly ProviderName[],
  ackTimeoutSeconds: number | undefined,
): string {
  const token = `-H 'Authorization: Bearer ${apiToken}'`;
  const json = `-H 'Content-Type: application/json'`;
  const window = ackTimeoutSeconds === undefined ? 'five minutes' : `${ackTimeoutSeconds} s`;
  const simulated = (provider: ProviderName) => !real.includes(provider);
  const click = (provider: 'slack' | 'discord') =>
    `  curl -s -X POST ${url}/sim/${provider}/click ${json} -d '{"correlation_id":"${correlationId}","user":"ada"}'`;
  return [
    '',
    `  Console   ${url}`,
    `  Health    ${url}/healthz`,
    `  Engine    ${engineEndpoint}`,
    ...(real.length > 0 ? [`  Real      ${real.join(', ')} (the others are simulated)`] : []),
    '',
    `A sample Sev1 incident is open: ${correlationId}`,
    `Nobody acknowledges within ${window}: PagerDuty is paged. To try by hand:`,
    '',
    '  # who has been told, and what happened so far',
    `  curl -s ${url}/incidents/${correlationId} ${token}`,
    ...(simulated('slack') ? ['  # acknowledge in Slack', click('slack')] : []),
    ...(simulated('discord') ? ['  # acknowledge in Discord', click('discord')] : []),
    '  # raise another one (change the event_id: the same one again is a duplicate)',
    `  curl -s -X POST ${url}/events/incidents ${token} ${json} -d '{"event_id":"try-1","incident_id":"try","severity":"sev1","summary":"Something is on fire"}'`,
    '  # and resolve it',
    `  curl -s -X POST ${url}/events/incidents ${token} ${json} -d '{"event_id":"try-2","incident_id":"try","status":"resolved"}'`,
    ...(simulated('discord')
      ? [
          '  # let Discord be down for the next three requests',
          `  curl -s -X PUT ${url}/sim/discord/fault ${json} -d '{"status":503,"times":3}'`,
        ]
      : []),
    '',
    'Up until Ctrl-C.',
    '',
  ].join('\n');
}
