import fc from 'fast-check';
import { ADMIN_PATHS } from '../../simulator/wire/admin-api.ts';
import type { Fault } from '../../simulator/wire/faults.ts';
import { PHONE_BASE_PATH, PHONE_PATHS } from '../../simulator/wire/phone-api.ts';
import { ACTION_IDS } from '../../protocol/action-ids.ts';
import { PATHS } from '../../protocol/transport.ts';
import { CLIENT, START, payloadOf } from './player.ts';

/** A request as it goes out. */
export interface Wire {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the fuzzing client knows of its flow. */
export interface Known {
  readonly flowId: string;
  /** Status of the flow; `gone`: there is none. */
  readonly status: string;
  readonly cookie: string;
  readonly username: string;
  readonly code: string;
  readonly otp: string;
  readonly serverPayload: string;
  readonly token: string;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

/** Faults that a request of the fuzz may add; none that would make it wait. */
const FAULTS: readonly Fault[] = [
  { name: 'half', kind: 'half-answer', share: 0.2, first: 3 },
  { name: 'busy', kind: 'status', status: 503, retryAfterS: 1, share: 0.3, steps: ['start', 'poll', 'token'] },
  { name: 'push', kind: 'lost-push', share: 0.5 },
  { name: 'restart', kind: 'forget-flows', share: 0.5 },
];

const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();
const sms = (username: string): string => (username === 'several' ? 'sms-4' : 'sms-1');

const BODY_OF: Readonly<Partial<Record<string, (known: Known) => object>>> = {
  submitIdentifier: ({ username }) => ({ identifier: username }),
  checkUsernamePassword: ({ username }) => ({ username, password: `password of ${username}` }),
  authenticate: () => ({ mobilePayload: payloadOf() }),
  selectDevice: ({ username }) => ({ deviceRef: { id: sms(username) }, mobilePayload: payloadOf() }),
  checkOtp: ({ otp }) => ({ otp }),
};

const act =
  (action: string) =>
  (known: Known): Wire => ({
    method: 'POST',
    path: `${PATHS.flows}/${known.flowId}`,
    headers: { 'content-type': `application/vnd.pingidentity.${action}+json` },
    body: JSON.stringify(BODY_OF[action]?.(known) ?? {}),
  });

const post = (path: string, headers: Wire['headers'], body: string): Wire => ({ method: 'POST', path, headers, body });
const get = (path: string, headers: Wire['headers'] = {}): Wire => ({ method: 'GET', path, headers, body: '' });
const phone = (what: keyof typeof PHONE_PATHS, body: object): Wire =>
  post(PHONE_BASE_PATH + PHONE_PATHS[what], JSON_TYPE, JSON.stringify(body));

/** What leads on from each status. */
const NEXT: Readonly<Record<string, string>> = {
  USERNAME_PASSWORD_REQUIRED: 'checkUsernamePassword',
  AUTHENTICATION_REQUIRED: 'authenticate',
  MOBILE_PAIRING_REQUIRED: 'continueAuthentication',
  PUSH_CONFIRMATION_WAITING: 'poll',
  PUSH_CONFIRMATION_TIMED_OUT: 'selectDevice',
  OTP_REQUIRED: 'checkOtp',
  DEVICE_SELECTION_REQUIRED: 'selectDevice',
  MFA_COMPLETED: 'continueAuthentication',
};

const startFlow = (): Wire => get(`${PATHS.authorization}?${form(START)}`);

/** The request that a well-behaved client would send now. */
function nextRequest(known: Known): Wire {
  if (known.status === 'gone') return startFlow();
  return act(NEXT[known.status] ?? 'cancelAuthentication')(known);
}

/** One good request of each sort. */
const GOOD_REQUESTS: readonly ((known: Known) => Wire)[] = [
  ...ACTION_IDS.map(act),
  startFlow,
  () => get(`${PATHS.authorization}?${form({ ...START, state: 'fuzz.7', nonce: 'n', login_hint: 'sms' })}`),
  () => post(PATHS.authorization, FORM_TYPE, form({ ...START, code_challenge: 'c', code_challenge_method: 'S256' })),
  () => post(PATHS.authorization, JSON_TYPE, JSON.stringify(START)),
  ({ flowId }) => get(`${PATHS.flows}/${flowId}`),
  ({ flowId }) => post(`${PATHS.flows}/${flowId}?action=poll`, JSON_TYPE, '{}'),
  ({ code }) =>
    post(
      PATHS.token,
      FORM_TYPE,
      form({ grant_type: 'authorization_code', code, client_id: CLIENT.id, client_secret: CLIENT.secret }),
    ),
  ({ token }) => post(PATHS.introspect, FORM_TYPE, form({ token, client_id: CLIENT.id, client_secret: CLIENT.secret })),
  ({ token }) => get(PATHS.userinfo, { authorization: `Bearer ${token}` }),
  () => get(PATHS.jwks),
  () => get(PATHS.discovery),
  () => get(ADMIN_PATHS.counts),
  ({ serverPayload }) => phone('pair', { serverPayload, mobilePayload: payloadOf() }),
  () => phone('decide', { deviceId: 'mobile-1', decision: 'approve' }),
  ({ username }) => phone('code', { deviceId: sms(username) }),
  ({ username }) => phone('reset', { username }),
  () => ({ method: 'PUT', path: ADMIN_PATHS.faults, headers: JSON_TYPE, body: JSON.stringify(FAULTS) }),
  () => ({ method: 'DELETE', path: ADMIN_PATHS.faults, headers: {}, body: '' }),
  () => ({ method: 'DELETE', path: `${ADMIN_PATHS.faults}/busy`, headers: {}, body: '' }),
];

/** Changes a request a little, or a lot. */
type Mutation = (wire: Wire) => Wire;

const headerText = fc.stringMatching(/^[\x21-\x7e]{0,60}$/);
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

/** JSON of values that no field expects. */
const odd = fc.oneof(
  fc.constantFrom('null', 'true', '0', '-1', '1e309', '""', '"\\u0000"', '"__proto__"', '{}', '[]', '"\\ud800"'),
  fc.constantFrom(JSON.stringify('x'.repeat(10_000)), JSON.stringify('9'.repeat(70_000)), nested(2_000)),
  fc.jsonValue().map((value) => JSON.stringify(value)),
);

/** Puts odd JSON in the place of the n-th value, or of everything. */
function replaceValue(body: string, n: number, value: string): string {
  const values = [...body.matchAll(/:\s*("[^"]*"|[\d.]+|true|false|null|\{\})/g)];
  const hit = values[n % (values.length + 1)];
  if (hit === undefined) return value;
  const start = hit.index + hit[0].length - hit[1]!.length;
  return body.slice(0, start) + value + body.slice(start + hit[1]!.length);
}

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc
    .tuple(fc.nat(20), odd)
    .map(([n, value]): Mutation => (wire) => ({ ...wire, body: replaceValue(wire.body, n, value) })),
  fc.nat().map((n): Mutation => (wire) => ({ ...wire, body: wire.body.slice(0, n % (wire.body.length + 1)) })),
  fc.tuple(fc.nat(), fc.string({ maxLength: 5 })).map(([n, text]): Mutation => (wire) => {
    const at = n % (wire.body.length + 1);
    return { ...wire, body: wire.body.slice(0, at) + text + wire.body.slice(at + 1) };
  }),
  fc.constantFrom<Mutation>(
    (wire) => ({ ...wire, body: wire.body + wire.body }),
    (wire) => ({ ...wire, body: wire.body.replace('{', '{"__proto__":{"x":1},"constructor":1,') }),
    (wire) => ({ ...wire, headers: { ...wire.headers, 'content-type': '' } }),
    (wire) => ({ ...wire, headers: { ...wire.headers, 'content-type': 'application/json' } }),
    (wire) => ({ ...wire, headers: { ...wire.headers, 'x-xsrf-header': '' } }),
    (wire) => ({ ...wire, headers: { ...wire.headers, cookie: '' } }),
    (wire) => ({ ...wire, headers: { ...wire.headers, cookie: 'PF=; PF=x; =; ;;' } }),
    (wire) => ({ ...wire, path: wire.path + wire.path }),
    (wire) => ({ ...wire, path: `${wire.path}?action=poll&action=checkOtp&state=a&state=b` }),
    (wire) => ({ ...wire, path: wire.path.replace(/[^/]+$/, '%00') }),
  ),
  headerText.map((text): Mutation => (wire) => ({ ...wire, headers: { ...wire.headers, 'content-type': text } })),
  headerText.map((text): Mutation => (wire) => ({ ...wire, headers: { ...wire.headers, authorization: text } })),
  headerText.map((text): Mutation => (wire) => ({ ...wire, headers: { ...wire.headers, cookie: `PF=${text}` } })),
  fc
    .string({ maxLength: 40 })
    .map((text): Mutation => (wire) => ({ ...wire, path: `${wire.path}/${encodeURIComponent(text)}` })),
  fc.constantFrom('GET', 'POST', 'PUT', 'DELETE').map((method): Mutation => (wire) => ({ ...wire, method })),
);

/** A good request and what is done to it; at times nothing. */
export const mutatedRequest = fc
  .tuple(
    fc.oneof(
      { weight: 2, arbitrary: fc.constant(nextRequest) },
      { weight: 3, arbitrary: fc.constantFrom(...GOOD_REQUESTS) },
    ),
    fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: fc.array(mutation, { maxLength: 3 }) }),
  )
  .map(([good, mutations]) => (known: Known): Wire => {
    const { headers, ...rest } = good(known);
    const own = { 'x-xsrf-header': 'x', cookie: known.cookie, ...headers };
    return mutations.reduce<Wire>((wire, mutate) => mutate(wire), { ...rest, headers: own });
  });
