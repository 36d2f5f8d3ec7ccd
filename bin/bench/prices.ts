/**
 * What AWS asks, in US dollars: list prices of us-east-1, without free tiers, reserved capacity or taxes. Look them up
 * again before a decision hangs on them: https://aws.amazon.com/<service>/pricing/
 */
export const PRICES = {
  /** When these were last compared with AWS's pricing pages, or with pages that quote them. */
  asOf: '2026-11-23',
  region: 'us-east-1',
  /** HTTP API, per request of up to 512 KB. */
  apiRequest: 1.0 / 1e6,
  /** arm64, per invocation. */
  lambdaRequest: 0.2 / 1e6,
  /** arm64, per GB-second. */
  lambdaGbSecond: 0.000_013_333_4,
  /** Standard workflow, per state transition. */
  transition: 0.025 / 1e3,
  /** On demand, per write request unit: an item of up to 1 KB; twice that in a transaction. */
  writeUnit: 0.625 / 1e6,
  /** On demand, per read request unit: 4 KB read consistently. */
  readUnit: 0.125 / 1e6,
  /** Standard queue, per request of up to 64 KB. */
  sqsRequest: 0.4 / 1e6,
  /** Secrets Manager, per call. */
  secretCall: 0.05 / 1e4,
  /** CloudWatch Logs, per GB taken in. */
  logGb: 0.5,
} as const;
