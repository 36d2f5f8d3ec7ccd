import type { Incident } from '../domain/incident.ts';
import { displayText, oneLine, truncate } from '../domain/text.ts';
import { resultLabel, resultUrl, stateSentence, utc } from './incident-state.ts';
import { safeUrl } from './safe-url.ts';

/** More than this nobody reads in a chat; the incident's own page has all of them. */
const MAX_DETAILS = 10;
const MAX_DETAIL_CHARS = 300;

export interface Labelled {
  readonly label: string;
  readonly value: string;
}
export interface Link {
  readonly title: string;
  readonly url: string;
}

/** An incident in words: plain text without control characters, nothing escaped, nothing empty. */
export interface IncidentView {
  /** `🔴 SEV1 checkout`, and what became of it. One line. */
  readonly headline: string;
  readonly summary: string;
  readonly state: string;
  readonly facts: readonly Labelled[];
  readonly details: readonly Labelled[];
  /** How many details are not among `details`. */
  readonly detailsLeftOut: number;
  readonly links: readonly Link[];
  /** What Zaps made for it. */
  readonly results: readonly (Labelled & { readonly url?: string })[];
}

export function viewOf(incident: Incident): IncidentView {
  const { event } = incident;
  const details = Object.entries(event.details ?? {}).filter(([, value]) => value !== null && value !== '');
  return {
    headline: headline(incident),
    summary: displayText(event.summary) || '(no text)',
    state: stateSentence(incident),
    facts: [
      { label: 'Severity', value: event.severity.toUpperCase() },
      { label: 'Priority', value: shown(incident.priority.toUpperCase()) },
      { label: 'Service', value: shown(event.service) },
      {
        label: 'Source',
        value: event.source === undefined ? '–' : `${shown(event.source.name)} (${event.source.kind})`,
      },
      { label: 'Incident', value: shown(event.incident_id) },
      { label: 'Since', value: utc(event.occurred_at ?? incident.received_at) },
    ],
    details: details
      .slice(0, MAX_DETAILS)
      .map(([name, value]) => ({ label: shown(name), value: detail(value) })),
    detailsLeftOut: Math.max(0, details.length - MAX_DETAILS),
    links: linksOf(incident),
    results: incident.facts.flatMap(({ result }) => {
      if (result === undefined) return [];
      const url = resultUrl(result);
      return [{ label: resultLabel(result.kind), value: shown(result.id), ...(url && { url }) }];
    }),
  };
}

const MARKER: Record<Incident['status'], string> = {
  open: '🔴',
  escalating: '📟',
  paged: '📟',
  acknowledged: '👀',
  resolved: '✅',
};

function headline({ event, status }: Incident): string {
  const what = `${MARKER[status]} ${event.severity.toUpperCase()} ${oneLine(event.service ?? '') || 'incident'}`;
  return status === 'open' ? what : `${truncate(what, 100)} – ${status}`;
}

function linksOf({ event }: Incident): Link[] {
  const named = (event.links ?? []).map((link) => (typeof link === 'string' ? { url: link } : link));
  return [{ title: 'Runbook', url: event.runbook_url }, ...named].flatMap(({ title, url }) => {
    const safe = safeUrl(url);
    return safe === undefined ? [] : [{ title: oneLine(title ?? '') || new URL(safe).host, url: safe }];
  });
}

const shown = (text: string | undefined): string => truncate(oneLine(text ?? ''), MAX_DETAIL_CHARS) || '–';

function detail(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return shown(text);
}
