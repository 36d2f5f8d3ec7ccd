import { type FieldError, parse, type Parsed, z, pure } from './schema.ts';
import { SEVERITIES, type Severity } from './severity.ts';

/** Serialised `details` above this are refused: the envelope must stay well inside DynamoDB's 400 KB item. */
export const MAX_DETAILS_BYTES = 32 * 1024;
/** Deeper nesting than this is never telemetry, and recursive code must not meet it. */
export const MAX_DETAILS_DEPTH = 12;
/** Longer than any channel shows (each cuts to its own limit); stored and returned whole. */
export const MAX_SUMMARY_CHARS = 8_000;

// 256 characters are at most 1,024 UTF-8 bytes: inside DynamoDB's 2,048-byte partition key with its prefix.
const identifier = /* @__PURE__ */ pure(() =>
  z
    .string()
    .check(
      z.minLength(1),
      z.maxLength(256),
      z.regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Must contain no control characters'),
    ),
);
const label = /* @__PURE__ */ pure(() => z.string().check(z.minLength(1), z.maxLength(256)));
const httpUrl = /* @__PURE__ */ pure(() =>
  z.url({ protocol: /^https?$/, error: 'Must be an http(s) URL' }).check(z.maxLength(2_048)),
);

const details = /* @__PURE__ */ pure(() =>
  z.record(z.string(), z.unknown()).check(
    z.refine((value) => depth(value) <= MAX_DETAILS_DEPTH, {
      error: `Nested deeper than ${MAX_DETAILS_DEPTH} levels`,
      abort: true,
    }),
    z.refine((value) => Buffer.byteLength(JSON.stringify(value)) <= MAX_DETAILS_BYTES, {
      error: `Larger than ${MAX_DETAILS_BYTES} bytes as JSON`,
    }),
  ),
);

const link = /* @__PURE__ */ pure(() =>
  z.union([httpUrl, z.object({ title: z.optional(label), url: httpUrl })], {
    error: 'Must be an http(s) URL or {title, url}',
  }),
);

const common = /* @__PURE__ */ pure(() => ({
  event_id: identifier,
  incident_id: identifier,
  priority: z.optional(z.string().check(z.minLength(1), z.maxLength(32))),
  source: z.optional(z.object({ kind: z.enum(['telemetry', 'llm-agent', 'human']), name: label })),
  service: z.optional(label),
  details: z.optional(details),
  links: z.optional(z.array(link).check(z.maxLength(20))),
  runbook_url: z.optional(httpUrl),
  occurred_at: z.optional(z.iso.datetime({ offset: true })),
}));
const summary = /* @__PURE__ */ pure(() => z.string().check(z.minLength(1), z.maxLength(MAX_SUMMARY_CHARS)));

/** An event that raises an incident. Fields it does not know are kept: nothing a sender sent is lost. */
export const TriggeredEventSchema = /* @__PURE__ */ pure(() =>
  z.looseObject({
    ...common,
    status: z._default(z.literal('triggered'), 'triggered'),
    severity: z.enum(SEVERITIES),
    summary,
  }),
);

/** An event that resolves every unresolved incident with its `incident_id`. */
export const ResolvedEventSchema = /* @__PURE__ */ pure(() =>
  z.looseObject({
    ...common,
    status: z.literal('resolved'),
    severity: z.optional(z.enum(SEVERITIES)),
    summary: z.optional(summary),
  }),
);

export type TriggeredEvent = z.output<typeof TriggeredEventSchema>;
export type ResolvedEvent = z.output<typeof ResolvedEventSchema>;
export type IncidentEvent = TriggeredEvent | ResolvedEvent;

/** Parses what a sender posted to `/events/incidents`; every wrong field is named. */
export function parseIncidentEvent(body: unknown): Parsed<IncidentEvent> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { ok: false, errors: [{ field: '(body)', message: 'Must be a JSON object' }] };
  }
  const tooMuch = strangersTooMuch(body);
  if (tooMuch.length > 0) return { ok: false, errors: tooMuch };
  const status = 'status' in body ? body.status : undefined;
  if (status === 'resolved') return parse(ResolvedEventSchema, body);
  if (status === undefined || status === 'triggered') return parse(TriggeredEventSchema, body);
  const rest = parse(TriggeredEventSchema, { ...body, status: 'triggered' });
  const wrongStatus = { field: 'status', message: 'Invalid option: expected one of "triggered"|"resolved"' };
  return { ok: false, errors: [wrongStatus, ...(rest.ok ? [] : rest.errors)] };
}

/** What is wrong with the members that no schema knows: they are kept as well, and must fit as `details` must. */
function strangersTooMuch(body: object): FieldError[] {
  const strangers = Object.entries(body).filter(([name]) => !Object.hasOwn(TriggeredEventSchema.shape, name));
  const deep = strangers.filter(([, value]) => depth(value) > MAX_DETAILS_DEPTH);
  if (deep.length > 0) {
    const message = `Nested deeper than ${MAX_DETAILS_DEPTH} levels`;
    return deep.map(([name]) => ({ field: name, message }));
  }
  if (Buffer.byteLength(JSON.stringify(strangers)) <= MAX_DETAILS_BYTES) return [];
  const message = `Members other than the known ones are larger than ${MAX_DETAILS_BYTES} bytes as JSON`;
  return [{ field: '(body)', message }];
}

const PRIORITY: Record<Severity, string> = { sev1: 'p1', sev2: 'p2', sev3: 'p3' };

/** What the sender gave, or the priority that goes with the severity. */
export function priorityOf(event: TriggeredEvent): string {
  return event.priority ?? PRIORITY[event.severity];
}

/** Nesting depth, without recursion: hostile input must not overflow the stack. */
function depth(root: unknown): number {
  let deepest = 0;
  const pending: { value: unknown; level: number }[] = [{ value: root, level: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    const level = next.level + 1;
    deepest = Math.max(deepest, level);
    if (deepest > MAX_DETAILS_DEPTH) return deepest;
    for (const value of Object.values(next.value)) pending.push({ value, level });
  }
  return deepest;
}
