/** The one namespace and service name: metrics, logs, alarms and dashboard meet in it. */
export const NAMESPACE = 'IncidentOrchestrator';
export const SERVICE = 'incident-orchestrator';

/** Every metric there is, with its unit. What writes them and what looks at them name them by this map. */
export const METRICS = {
  accepted: { name: 'IncidentsAccepted', unit: 'Count' },
  duplicates: { name: 'IncidentsDuplicate', unit: 'Count' },
  rejected: { name: 'RequestsRejected', unit: 'Count' },
  /** From API Gateway's receipt of a request to our answer, cold start included. */
  answerTime: { name: 'AnswerTime', unit: 'Milliseconds' },
  startDeferred: { name: 'ExecutionStartsDeferred', unit: 'Count' },
  timeToFirstNotification: { name: 'TimeToFirstNotification', unit: 'Milliseconds' },
  timeToAcknowledge: { name: 'TimeToAcknowledge', unit: 'Milliseconds' },
  escalated: { name: 'IncidentsEscalated', unit: 'Count' },
  resolved: { name: 'IncidentsResolved', unit: 'Count' },
  deliveryAttemptFailed: { name: 'DeliveryAttemptsFailed', unit: 'Count' },
  deliveryGivenUp: { name: 'DeliveriesGivenUp', unit: 'Count' },
  stepDuration: { name: 'StepDuration', unit: 'Milliseconds' },
  /** Zapier's circuit breaker just opened. */
  breakerOpened: { name: 'BreakerOpened', unit: 'Count' },
  /** 1 while it is open or half-open, else 0; once a minute. */
  breakerOpen: { name: 'BreakerOpen', unit: 'Count' },
  /** Incidents that the auditor had to help along. */
  auditFindings: { name: 'AuditFindings', unit: 'Count' },
  /** 1 for a heartbeat that came back, 0 for one that did not. */
  heartbeatReturned: { name: 'HeartbeatReturned', unit: 'Count' },
  heartbeatDuration: { name: 'HeartbeatDuration', unit: 'Milliseconds' },
} as const;
