import http from 'k6/http';
import type { RefinedResponse } from 'k6/http';
import { check } from 'k6';
import { SharedArray } from 'k6/data';
import { Trend } from 'k6/metrics';
import exec from 'k6/execution';
import type { Options } from 'k6/options';

interface User {
  readonly username: string;
  readonly password: string;
}

interface Flow {
  readonly id: string;
  readonly status: string;
}

export const options: Options = {
  scenarios: {
    signIn: { executor: 'constant-arrival-rate', rate: 10, duration: '2s', preAllocatedVUs: 20 },
  },
  thresholds: {
    checks: ['rate==1'],
    http_req_failed: ['rate==0'],
    time_to_mfa: ['p(95)<5000'],
  },
};

const users = new SharedArray<User>('users', () => (JSON.parse(open(__ENV['INVENTORY']!)) as { users: User[] }).users);
const base = __ENV['PF_BASE_URL']!;
/** From the start of the flow until the MFA adapter has its say, in milliseconds. */
const timeToMfa = new Trend('time_to_mfa', true);

/** What every request to the flow carries; `name` keeps flow ids out of the tags. */
const params = (name: string, jar: http.CookieJar, contentType: string) => ({
  jar,
  tags: { name },
  headers: { 'X-XSRF-Header': 'example', 'Content-Type': contentType },
});

const flowOf = (response: RefinedResponse<'text'>): Flow => response.json() as unknown as Flow;

/** One action of the Authentication API (docs/protocol.md section 1). */
async function act(flow: Flow, action: string, body: object, jar: http.CookieJar): Promise<Flow> {
  const type = `application/vnd.pingidentity.${action}+json`;
  const url = `${base}/pf-ws/authn/flows/${flow.id}`;
  return flowOf(await http.asyncRequest('POST', url, JSON.stringify(body), params(action, jar, type)));
}

export default async function (): Promise<void> {
  const user = users[exec.scenario.iterationInTest % users.length]!;
  const jar = new http.CookieJar(); // one user, one browser or app
  const began = Date.now();
  const query = 'client_id=pairstorm&response_type=code&response_mode=pi.flow&scope=openid';
  const start = params('start', jar, 'application/x-www-form-urlencoded');
  let flow = flowOf(await http.asyncRequest('POST', `${base}/as/authorization.oauth2`, query, start));
  check(flow, { 'asks for the password': ({ status }) => status === 'USERNAME_PASSWORD_REQUIRED' });
  flow = await act(flow, 'checkUsernamePassword', { username: user.username, password: user.password }, jar);
  timeToMfa.add(Date.now() - began);
  check(flow, { 'reaches MFA': ({ status }) => status === 'AUTHENTICATION_REQUIRED' });
  flow = await act(flow, 'cancelAuthentication', {}, jar);
  check(flow, { 'is cancelled': ({ status }) => status === 'FAILED' });
}
