import type { Acknowledgement } from '../../../lambdas/domain/acknowledgement.ts';
import type { Incident } from '../../../lambdas/domain/incident.ts';
import type { Race } from './race.ts';

type Outcome = Exclude<Acknowledgement['outcome'], 'unknown'>;

/** What one attempt meets, given what came before it: the rules of invariant 4, as a table. */
class AcknowledgementModel {
  #holder: string | undefined;
  #escalated = false;
  #resolved = false;

  acknowledge(by: string): Outcome {
    if (this.#resolved) return 'resolved';
    this.#holder ??= by;
    if (this.#holder !== by) return 'already';
    return this.#escalated ? 'yours_page_out' : 'yours';
  }

  escalate(): void {
    if (this.#holder === undefined && !this.#resolved) this.#escalated = true;
  }

  resolve(): void {
    this.#resolved = true;
  }
}

/** What each acknowledger must have been told, given the order in which the table took the writes. */
export function foretold({ decisions }: Race): string[] {
  const model = new AcknowledgementModel();
  const told: string[] = [];
  for (const { who, to } of decisions) {
    if (to === 'escalating') model.escalate();
    else if (to === 'resolved') model.resolve();
    else if (to === 'acknowledged') told.push(`${who}: ${model.acknowledge(who)}`);
  }
  return told.sort();
}

/** What must hold however it went, said without a model. Empty when all is well. */
export function brokenPromises(race: Race, incident: Incident): string[] {
  const broken: string[] = [];
  const { answers, sent } = race;
  const holders = new Set(answers.filter(({ outcome }) => outcome.startsWith('yours')).map(({ by }) => by));
  const promised = answers.some(({ outcome }) => outcome === 'yours');
  const pages = race.pagerDuty.pages.length;
  const resolved = incident.status === 'resolved';
  if (holders.size > 1) broken.push(`${[...holders].join(' and ')} both have it`);
  if (promised && sent.includes('trigger')) broken.push('paged after somebody was told "yours"');
  if (pages > 1) broken.push(`${pages} pages`);
  if (answers.some(({ outcome }) => outcome === 'unknown')) broken.push('somebody was told "unknown"');
  const holder = incident.facts.find(({ step }) => step === 'acknowledged')?.by?.id;
  if (holders.size === 1 && !holders.has(holder ?? '')) broken.push('another one holds it than was told');
  const steps = incident.facts.map(({ step }) => step);
  if (new Set(steps).size !== steps.length) broken.push(`facts repeat: ${steps.join(', ')}`);
  const wanted = resolved ? 'resolved' : holder === undefined ? 'triggered' : 'acknowledged';
  for (const { status } of race.pagerDuty.pages) {
    if (status !== wanted) broken.push(`the page is ${status}, the incident ${incident.status}`);
  }
  if (holder === undefined && !resolved && pages === 0) broken.push('nobody has it, and nobody was paged');
  return broken;
}
