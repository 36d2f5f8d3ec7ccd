import { elapsedMs, factOf, type Actor, type Incident } from './incident.ts';
import { humanDuration } from './text.ts';

/** What became of an attempt to acknowledge. None of them is an error to the person who clicked. */
export type Acknowledgement =
  | {
      /**
       * - `yours`: you have it, and nobody will be paged.
       * - `yours_page_out`: you have it, but PagerDuty was already called; the page is acknowledged for you.
       * - `already`: somebody else was first.
       * - `resolved`: it is over.
       */
      readonly outcome: 'yours' | 'yours_page_out' | 'already' | 'resolved';
      readonly incident: Incident;
    }
  | { readonly outcome: 'unknown' };

/** Whether two actors are the same person; a repeated click by the holder is still "yours". */
export const sameActor = (a: Actor, b: Actor): boolean => a.provider === b.provider && a.id === b.id;

/** Reads the outcome off the incident as it is after the attempt. */
export function acknowledgementOf(incident: Incident, by: Actor): Acknowledgement {
  if (incident.status === 'resolved') return { outcome: 'resolved', incident };
  const holder = factOf(incident, 'acknowledged')?.by;
  if (holder === undefined || !sameActor(holder, by)) return { outcome: 'already', incident };
  const pageOut = factOf(incident, 'escalating') !== undefined;
  return { outcome: pageOut ? 'yours_page_out' : 'yours', incident };
}

/** The outcome in a sentence, for the person who clicked. */
export function acknowledgementText(acknowledgement: Acknowledgement): string {
  if (acknowledgement.outcome === 'unknown') {
    return 'This incident is not known here. It may be older than the retention time, or belong to another stack.';
  }
  const { incident, outcome } = acknowledgement;
  const fact = factOf(incident, 'acknowledged');
  const after = fact === undefined ? '' : ` after ${humanDuration(elapsedMs(incident, fact.at))}`;
  switch (outcome) {
    case 'yours':
      return `You acknowledged this incident${after}. Nobody will be paged.`;
    case 'yours_page_out':
      return `You acknowledged this incident${after}. The page was already out; it is being acknowledged in PagerDuty for you.`;
    case 'already':
      return `${fact?.by?.name ?? 'Somebody'} acknowledged this incident${after}.`;
    case 'resolved':
      return 'This incident is already resolved. Nothing is left to acknowledge.';
  }
}
