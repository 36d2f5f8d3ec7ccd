import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Answer, parseJson, problem } from '../http.ts';
import { FaultSchema } from '../simulators/fault.ts';
import type { Providers } from '../simulators/providers.ts';
import { type ApiAnswer, NotThere, type ProviderName, PROVIDERS } from '../simulators/simulator.ts';
import { ZAPS } from '../simulators/zapier.ts';
import { NotDeployed } from './forward.ts';

const Id = z.string().min(1).max(128);
const UserSchema = z.union(
  [
    z.string().min(1).max(80),
    z.strictObject({ id: Id, name: z.string().min(1).max(80).optional(), roles: z.array(Id).optional() }),
  ],
  { error: 'Must be a name, an id, or {id, name, roles}' },
);
const ClickSchema = z.strictObject({ correlation_id: Id, user: UserSchema });
const ReactSchema = z.strictObject({ ...ClickSchema.shape, reaction: Id.default('white_check_mark') });
const PageSchema = z.strictObject({
  ...ClickSchema.shape,
  action: z.enum(['acknowledge', 'resolve']).default('acknowledge'),
});
const ZapSchema = z.strictObject({ correlation_id: Id, zap: z.enum(ZAPS) });
const ChallengeSchema = z.strictObject({ challenge: z.string().min(1).max(1_000) });

/** Thrown where what was sent is not what a control takes. */
class BadInput extends Error {
  readonly errors: readonly { field: string; message: string }[];

  constructor(errors: readonly { field: string; message: string }[]) {
    super('Bad input');
    this.errors = errors;
  }
}

/** Answers `/sim/<provider>/<what>`: what the simulators are told and asked by a person or a test. */
export async function control(
  providers: Providers,
  method: string,
  path: string,
  body: Buffer,
): Promise<Answer> {
  const [, , providerName, what = '', ...rest] = path.split('/');
  const provider = PROVIDERS.find((name) => name === providerName);
  if (provider === undefined || rest.length > 0) {
    return problem(404, 'Not found', `Providers are ${PROVIDERS.join(', ')}.`);
  }
  const route = routes(providers, provider)[what];
  const handler = route?.[method];
  if (route === undefined) return problem(404, 'Not found', `Nothing at /sim/${provider}/${what}.`);
  if (handler === undefined) {
    const allow = Object.keys(route).join(', ');
    const answer = problem(405, 'Method not allowed', `${path} takes ${allow}.`);
    return { ...answer, headers: { ...answer.headers, allow } };
  }
  try {
    return await handler(body);
  } catch (error) {
    if (error instanceof BadInput) {
      return problem(422, 'Unprocessable content', 'Some fields are wrong.', { errors: error.errors });
    }
    if (error instanceof NotThere) return problem(404, 'Not there', `${error.message}.`);
    if (error instanceof NotDeployed) return problem(503, 'Not ready', `${error.message}; see /healthz.`);
    return problem(502, 'Bad gateway', `The API gave no answer: ${String(error)}`);
  } finally {
    if (method !== 'GET') providers.changed(provider);
  }
}

type Handler = (body: Buffer) => Answer | Promise<Answer>;

function routes(providers: Providers, provider: ProviderName): Record<string, Record<string, Handler>> {
  const desk = providers.desks[provider];
  const common: Record<string, Record<string, Handler>> = {
    requests: {
      GET: () => ({ status: 200, body: desk.recorder.requests }),
      DELETE: () => {
        desk.recorder.clear();
        return NO_CONTENT;
      },
    },
    fault: {
      GET: () => ({ status: 200, body: desk.faults.current ?? {} }),
      PUT: (body) => {
        desk.faults.set(read(FaultSchema, body));
        return { status: 200, body: desk.faults.current ?? {} };
      },
      DELETE: () => {
        desk.faults.clear();
        return NO_CONTENT;
      },
    },
  };
  return { ...common, ...OWN[provider](providers) };
}

const OWN: Record<ProviderName, (providers: Providers) => Record<string, Record<string, Handler>>> = {
  slack: ({ slackCallbacks }) => ({
    click: {
      POST: async (body) => {
        const { correlation_id, user } = read(ClickSchema, body);
        return passOn(await slackCallbacks.click(correlation_id, person(user, 'U')));
      },
    },
    react: {
      POST: async (body) => {
        const { correlation_id, user, reaction } = read(ReactSchema, body);
        return passOn(await slackCallbacks.react(correlation_id, person(user, 'U'), reaction));
      },
    },
    'url-verification': {
      POST: async (body) => passOn(await slackCallbacks.verifyUrl(read(ChallengeSchema, body).challenge)),
    },
  }),
  discord: ({ discordCallbacks }) => ({
    click: {
      POST: async (body) => {
        const { correlation_id, user } = read(ClickSchema, body);
        return passOn(await discordCallbacks.click(correlation_id, person(user, '')));
      },
    },
    ping: { POST: async () => passOn(await discordCallbacks.ping()) },
  }),
  zapier: ({ zapier, callApi, secrets }) => ({
    finish: {
      POST: async (body) => {
        const { correlation_id, zap } = read(ZapSchema, body);
        return passOn(await zapier.finish(correlation_id, zap, callApi, secrets.zapier.callback_tokens[0]));
      },
    },
  }),
  pagerduty: ({ pagerduty }) => ({
    click: {
      POST: async (body) => {
        const { correlation_id, user, action } = read(PageSchema, body);
        return passOn(await pagerduty.act(correlation_id, person(user, 'P'), action));
      },
    },
  }),
};

const NO_CONTENT: Answer = { status: 204, body: '' };

const passOn = ({ status, headers, body }: ApiAnswer): Answer => ({
  status,
  headers: { ...(headers['content-type'] === undefined ? {} : { 'content-type': headers['content-type'] }) },
  body,
});

function read<S extends z.ZodType>(schema: S, body: Buffer): z.output<S> {
  const value = body.length === 0 ? undefined : parseJson(body.toString('utf8'));
  if (value === undefined) throw new BadInput([{ field: '(body)', message: 'Must be JSON' }]);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BadInput(
    parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || '(body)', message })),
  );
}

/**
 * A person as a provider knows them. A bare name gets an id that is always the same for it; a bare id (capitals
 * and digits, or a Discord number) is a name too.
 */
function person(user: z.output<typeof UserSchema>, prefix: 'U' | 'P' | '') {
  if (typeof user !== 'string') return { id: user.id, name: user.name ?? user.id, roles: user.roles ?? [] };
  if (/^([UWP][A-Z0-9]{5,}|\d{15,20})$/.test(user)) return { id: user, name: user, roles: [] };
  const digest = createHash('sha256').update(user).digest();
  const id =
    prefix === ''
      ? String(digest.readBigUInt64BE() >> 4n)
      : `${prefix}${digest.toString('hex').slice(0, 10).toUpperCase()}`;
  return { id, name: user, roles: [] };
}
