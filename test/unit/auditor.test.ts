import { describe, expect, it } from 'vitest';
import {
  auditEscalating,
  auditOpen,
  AuditPolicySchema,
  type Audited,
  type ExecutionState,
} from '../../lambdas/domain/audit.ts';
import type { Delivery } from '../../lambdas/domain/delivery.ts';
import type { Incident } from '../../lambdas/domain/incident.ts';
import { auditNotice } from '../../lambdas/runtime/audit-notice.ts';
import { incidentWith } from '../contract/support/incident.ts';

const POLICY = { grace_seconds: 300, page_silence_seconds: 900, incidents_per_run: 50 };
const RECEIVED = new Date('2026-01-01T00:00:00Z');
const at = (seconds: number) => new Date(RECEIVED.getTime() + seconds * 1_000);
const iso = (seconds: number) => at(seconds).toISOString();

const BASE = { ...incidentWith(), received_at: iso(0) };
const rule = (page: boolean) => ({ ...BASE.rule, page, acknowledgement_window_seconds: 300 });
const taken = (name: Delivery['name']): Delivery => ({
  ...{ name, status: 'delivered', attempts: 1, message_id: 'm', started_at: iso(1), facts_shown: 1 },
});
type Over = Partial<Omit<Audited, 'incident'>> & { page?: boolean; incident?: Partial<Incident> };
const record = (over: Over = {}): Audited => ({
  deliveries: [],
  timeline: [],
  ...over,
  incident: {
    ...BASE,
    ...{ rule: rule(over.page ?? true), deliveries: ['slack', 'discord'], status: 'open' },
    ...over.incident,
  },
});
const RUNNING: ExecutionState = { status: 'running', startedAt: iso(1) };
const open = (execution: ExecutionState, seconds: number, over: Over = {}) =>
  auditOpen(record(over), execution, POLICY, at(seconds));

describe('an open incident', () => {
  it('whose execution is missing has it started, and is looked at after its window', () => {
    expect(open({ status: 'missing' }, 600)).toEqual({
      ...{ finding: 'execution_missing', start: true, watchAt: iso(600 + 300 + 300) },
    });
    expect(open({ status: 'missing' }, 600, { page: false })).toMatchObject({ watchAt: iso(600 + 300) });
  });

  it.each(['failed', 'timed_out', 'aborted'] as const)(
    'whose execution %s is paged for, and told where nobody took the delivery on',
    (status) => {
      expect(open({ status }, 600, { deliveries: [taken('slack')] })).toEqual({
        ...{ finding: 'execution_failed', notify: ['discord'], page: true, watchAt: iso(600 + 900) },
      });
    },
  );

  it('that pages nobody has its deliveries made up for, and is then left alone', () => {
    const lost = { status: 'failed' } as const;
    expect(open(lost, 600, { page: false })).toEqual({
      ...{ finding: 'execution_failed', notify: ['slack', 'discord'], watchAt: iso(900) },
    });
    const deliveries = [taken('slack'), taken('discord')];
    expect(open(lost, 900, { page: false, deliveries })).toEqual({});
  });

  it('is paged for when the window and the grace are over and nobody did', () => {
    expect(open(RUNNING, 600)).toEqual({ watchAt: iso(601) });
    const overdue = { finding: 'page_overdue', page: true, watchAt: iso(601 + 900) };
    expect(open(RUNNING, 601)).toEqual(overdue);
    expect(open({ status: 'succeeded' }, 601)).toEqual(overdue);
  });

  it('that was started late has its whole window', () => {
    expect(open({ status: 'running', startedAt: iso(500) }, 700)).toEqual({ watchAt: iso(500 + 600) });
  });

  it('is paged for even while Step Functions does not answer', () => {
    expect(open({ status: 'unknown' }, 600)).toMatchObject({ finding: 'page_overdue', page: true });
    expect(open({ status: 'unknown' }, 600, { page: false })).toEqual({ watchAt: iso(600 + 3_600) });
  });

  it('that pages nobody is watched until its execution ended well', () => {
    expect(open(RUNNING, 600, { page: false })).toEqual({ watchAt: iso(600 + 3_600) });
    expect(open({ status: 'succeeded' }, 600, { page: false })).toEqual({});
  });
});

describe('an escalating incident', () => {
  const escalating = { facts: [...BASE.facts, { step: 'escalating', at: iso(300) } as const] };
  const verdict = (seconds: number, ...tries: number[]) => {
    const timeline = tries.map((each) => ({
      ...{ correlation_id: BASE.correlation_id, step: 'deliver pagerduty', status: 'attempt_failed' },
      ...{ at: iso(each), metadata: {} },
    }));
    return auditEscalating(record({ incident: escalating, timeline }), POLICY, at(seconds));
  };

  it('is left alone while something is heard of its page', () => {
    expect(verdict(1_199)).toEqual({ watchAt: iso(1_200) });
    expect(verdict(5_000, 400, 4_900)).toEqual({ watchAt: iso(5_800) });
  });

  it('has its page queued again once nothing was heard of it for long', () => {
    const again = { finding: 'page_silent', page: true };
    expect(verdict(1_200)).toEqual({ ...again, watchAt: iso(2_100) });
    expect(verdict(5_800, 400, 4_900)).toEqual({ ...again, watchAt: iso(6_700) });
  });
});

describe('what the operators are told', () => {
  const healed = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      ...{ correlation_id: `id-${index}`, finding: 'page_silent' as const, summary: 'a\nb' },
    }));

  it('is one line an incident, and at most twenty', () => {
    expect(auditNotice(healed(1)).subject).toBe('The auditor helped 1 incident along');
    expect(auditNotice(healed(1)).lines[0]).toMatch(/^id-0: its page was asked for[^]*\n {2}a b$/);
    const { subject, lines } = auditNotice(healed(50));
    expect(subject).toBe('The auditor helped 50 incidents along');
    expect(lines).toHaveLength(20 + 2);
    expect(lines[20]).toContain('30 more');
  });
});

describe('a policy', () => {
  it('bounds a run to what fits into its minute', () => {
    expect(AuditPolicySchema.safeParse(POLICY).success).toBe(true);
    expect(AuditPolicySchema.safeParse({ ...POLICY, incidents_per_run: 101 }).success).toBe(false);
  });
});
