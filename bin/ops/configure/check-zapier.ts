import { bad, type Check, good } from './check.ts';

/** `https://hooks.zapier.com/hooks/catch/<account>/<hook>/`. */
const HOOK = /\/hooks\/catch\/\d+\/[\w-]+\/?$/;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether the URLs look like hooks of Zapier. They are not called: every call runs the Zap, and would make a ticket
 * or book an adjustment.
 */
export function checkZapier(secret: { jira_hook_url: string; finance_hook_url: string }): Check[] {
  const { jira_hook_url: jira, finance_hook_url: finance } = secret;
  const same = jira === finance ? [bad('jira_hook_url and finance_hook_url are the same hook')] : [];
  return [hook('jira_hook_url', jira), hook('finance_hook_url', finance), ...same];
}

function hook(name: string, text: string): Check {
  const { protocol, hostname, pathname } = new URL(text);
  const local = LOOPBACK.test(hostname);
  if (protocol !== 'https:' && !local) return bad(`${name} is not https`);
  if (!HOOK.test(pathname)) return bad(`${name} is no Catch Hook of Zapier (…/hooks/catch/<number>/<hook>/)`);
  if (!local && hostname !== 'hooks.zapier.com')
    return bad(`${name} leads to ${hostname}, not to hooks.zapier.com`);
  return good(`${name} has the shape of a Catch Hook (not called: each call runs the Zap)`);
}
