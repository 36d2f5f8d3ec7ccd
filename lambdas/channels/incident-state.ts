import {
  acknowledgeBy,
  type Actor,
  elapsedMs,
  factOf,
  type Incident,
  type IncidentFact,
  type ZapResult,
} from '../domain/incident.ts';
import { humanDuration, oneLine } from '../domain/text.ts';
import { safeUrl } from './safe-url.ts';

/** What every channel says of an incident's state: plain text, not yet escaped for any of them. */
export function stateSentence(incident: Incident): string {
  const paged = pageSentence(incident);
  switch (incident.status) {
    case 'open':
      return openSentence(incident);
    case 'escalating':
    case 'paged':
      return `${paged} An acknowledgement still counts, and acknowledges the page.`;
    case 'acknowledged':
      return [acknowledgedSentence(incident), paged].filter(Boolean).join(' ');
    case 'resolved': {
      const resolved = factOf(incident, 'resolved');
      const after = resolved === undefined ? '' : ` after ${since(incident, resolved)}`;
      const before = factOf(incident, 'acknowledged') === undefined ? paged : acknowledgedSentence(incident);
      return [`Resolved${after}${byWhom(resolved?.by)}.`, before].filter(Boolean).join(' ');
    }
  }
}

/** One fact, for a thread: what happened, after how long, and where to read on. */
export function factSentence(
  incident: Incident,
  fact: IncidentFact,
): { readonly text: string; readonly url?: string } {
  const after = since(incident, fact);
  switch (fact.step) {
    case 'accepted':
      return { text: 'Incident accepted.' };
    case 'acknowledged':
      return { text: `Acknowledged${byWhom(fact.by)} after ${after}.` };
    case 'escalating':
      return { text: `${escalationReason(incident, fact)} Paging PagerDuty after ${after}.` };
    case 'paged':
      return { text: `PagerDuty took the page after ${after}.` };
    case 'resolved':
      return { text: `Resolved${byWhom(fact.by)} after ${after}.` };
    case 'zap_result': {
      if (fact.result === undefined) return { text: 'Zapier reported a result.' };
      const url = resultUrl(fact.result);
      return {
        text: `${resultLabel(fact.result.kind)} ${oneLine(fact.result.id)} was made.`,
        ...(url && { url }),
      };
    }
  }
}

export const resultLabel = (kind: 'jira' | 'finance'): string =>
  kind === 'jira' ? 'Jira ticket' : 'Finance adjustment';

/** Longer (each `&` is five in Slack), the address would push out the name of what it leads to. */
const MAX_RESULT_URL_CHARS = 300;

export function resultUrl(result: ZapResult): string | undefined {
  const url = safeUrl(result.url);
  return url !== undefined && url.replaceAll('&', '&amp;').length <= MAX_RESULT_URL_CHARS ? url : undefined;
}

/** `2026-11-23 09:04:42 UTC`: the same for everyone in a call about it. */
export const utc = (iso: string): string =>
  `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

function openSentence(incident: Incident): string {
  if (!incident.rule.acknowledge) return 'For information: nobody needs to acknowledge it.';
  const deadline = acknowledgeBy(incident);
  return deadline === undefined
    ? 'Waiting for somebody to acknowledge it.'
    : `Waiting for somebody to acknowledge it. PagerDuty is paged at ${utc(deadline)} if nobody does.`;
}

function acknowledgedSentence(incident: Incident): string {
  const fact = factOf(incident, 'acknowledged');
  return fact === undefined
    ? 'Acknowledged.'
    : `Acknowledged${byWhom(fact.by)} after ${since(incident, fact)}.`;
}

function pageSentence(incident: Incident): string {
  const escalating = factOf(incident, 'escalating');
  const paged = factOf(incident, 'paged');
  if (paged !== undefined) {
    const why = escalating === undefined ? '' : `${escalationReason(incident, escalating)} `;
    return `${why}PagerDuty was paged after ${since(incident, paged)}.`;
  }
  return escalating === undefined
    ? ''
    : `${escalationReason(incident, escalating)} PagerDuty is being paged.`;
}

function escalationReason(incident: Incident, fact: IncidentFact): string {
  return fact.reason === 'nobody_reachable'
    ? 'No chat channel could be reached.'
    : `Nobody acknowledged it within ${humanDuration(incident.rule.acknowledgement_window_seconds * 1_000)}.`;
}

const since = (incident: Incident, fact: IncidentFact): string => humanDuration(elapsedMs(incident, fact.at));

const WHERE: Record<Actor['provider'], string> = {
  slack: ' in Slack',
  discord: ' in Discord',
  pagerduty: ' in PagerDuty',
  zapier: ' through Zapier',
  api: ' over the API',
  workflow: '',
};

function byWhom(by: Actor | undefined): string {
  if (by === undefined) return '';
  return ` by ${oneLine(by.name) || oneLine(by.id) || 'somebody'}${WHERE[by.provider]}`;
}
