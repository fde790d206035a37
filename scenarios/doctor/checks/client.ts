import type { Check } from '../line.ts';
import { START_REFUSED } from '../../../lib/diagnoses.ts';
import { COOKIELESS, SESSION_COOKIE } from '../../../protocol/transport.ts';
import { flowAnswerOf, right, stateIn, unknown, foundWrong } from '../findings.ts';
import type { CheckedExchange, Findings } from '../findings.ts';
import { NOT_REACHED } from './network.ts';

/** Remedies by error code of a start with a request object (OpenID Connect Core 6.1, RFC 9101). */
const REQUEST_REFUSED: Readonly<Record<string, string>> = {
  invalid_request_object:
    'compare the request object with the client: its key (JWKS, or the secret), PF_REQUEST_ALG, PF_REQUEST_AUDIENCE (the issuer of PingFederate), PF_CLIENT_ID, and the clocks',
  request_not_supported:
    'let the client send request objects (in PingFederate: its JWKS or JWKS URL, and the signing algorithm), or leave PF_REQUEST_… out',
};

/** Successful responses of the flow: start, reads and actions. */
export function flowAnswersOf({ exchanges }: Findings): readonly CheckedExchange[] {
  return exchanges.filter(({ res }) => flowAnswerOf(res).is === 'flow');
}

/** Why there is no flow to check. */
export function noFlow({ exchanges }: Findings): string {
  return exchanges.length === 0 ? NOT_REACHED : 'no flow was started';
}

/** Checks that the client may start redirectless flows. */
export function client({ exchanges, settings }: Findings): Check {
  const start = exchanges[0];
  if (start === undefined) return unknown('client', NOT_REACHED);
  const answer = flowAnswerOf(start.res);
  const name = settings.clientId;
  if (answer.is === 'flow' && answer.flow.status !== 'RESUME')
    return right('client', `${name} may start redirectless flows`);
  const { status } = start.res;
  if (answer.is === 'flow' || (status >= 200 && status < 400)) {
    const said = answer.is === 'flow' ? 'RESUME' : `HTTP ${status}, but no flow`;
    return foundWrong(
      'client',
      `${name} gets the response for a browser (${said})`,
      START_REFUSED['unauthorized_client']!,
    );
  }
  if (status === 429)
    return unknown(
      'client',
      'the start request was rejected by a rate limit (HTTP 429)',
      'wait a minute, then try again',
    );
  if (answer.is === 'gone') {
    return foundWrong(
      'client',
      `no authorization endpoint (HTTP ${status})`,
      'correct the path of PF_BASE_URL: the base of the runtime, without /as',
    );
  }
  const refused: Readonly<Record<string, string>> = { ...START_REFUSED, ...REQUEST_REFUSED };
  const known = Object.hasOwn(refused, answer.code) ? refused[answer.code] : undefined;
  return foundWrong(
    'client',
    `${name} was refused: ${answer.code}`,
    known ?? 'look for this request in the server.log of PingFederate',
  );
}

/** Checks that the session is carried as PF_STATE says. */
export function session(findings: Findings): Check {
  const flows = flowAnswersOf(findings);
  if (flows.length === 0) return unknown('session', noFlow(findings));
  const cookie = flows.some(({ res }) => res.cookies[SESSION_COOKIE] !== undefined);
  const state = flows.some(({ res }) => stateIn(res) !== undefined);
  const { state: said, baseUrl } = findings.settings;
  if (said === 'cookieless') {
    if (state) return right('session', `cookieless, as set by PF_STATE (${COOKIELESS.field})`);
    return foundWrong(
      'session',
      `PF_STATE is cookieless, but no response has ${COOKIELESS.field}`,
      'set PF_STATE=cookie, or make the client cookieless',
    );
  }
  if (!cookie) {
    if (state)
      return foundWrong('session', 'the client is cookieless, but PF_STATE is cookie', 'set PF_STATE=cookieless');
    return foundWrong(
      'session',
      `no response sets the cookie ${SESSION_COOKIE}`,
      'check for a gateway that removes Set-Cookie; if the client is cookieless, set PF_STATE=cookieless',
    );
  }
  const secure = flows.some(({ res }) => res.cookies[SESSION_COOKIE]?.some((set) => set.secure));
  if (secure && baseUrl.startsWith('http:')) {
    return foundWrong(
      'session',
      `the cookie ${SESSION_COOKIE} is Secure, and is not sent back over plain HTTP`,
      'write https:// in PF_BASE_URL',
    );
  }
  return right('session', `the cookie ${SESSION_COOKIE}, as set by PF_STATE`);
}

/** How often the session value changes in a flow; PingFederate may renew it with each response, but need not. */
export function renewal(findings: Findings): Check {
  const flows = flowAnswersOf(findings);
  if (flows.length === 0) return unknown('renewal', noFlow(findings));
  const cookieless = findings.settings.state === 'cookieless';
  const values = flows.map(({ res }) => (cookieless ? stateIn(res) : res.cookies[SESSION_COOKIE]?.[0]?.value));
  const different = new Set(values.filter((value) => value !== undefined)).size;
  const what = cookieless ? COOKIELESS.field : `the cookie ${SESSION_COOKIE}`;
  if (different === 0) return unknown('renewal', 'there is no session value');
  if (flows.length < 3) return unknown('renewal', 'the flow was too short to tell');
  return right('renewal', `${what} had ${different} value${different === 1 ? '' : 's'} in ${flows.length} responses`);
}

/** Checks that requests without the XSRF header are rejected. */
export function xsrf(findings: Findings): Check {
  if (flowAnswersOf(findings).length === 0) return unknown('xsrf', noFlow(findings));
  switch (findings.withoutXsrf) {
    case 'refused':
      return right('xsrf', 'requests without X-XSRF-Header are rejected');
    case 'served':
      return foundWrong(
        'xsrf',
        'requests without X-XSRF-Header are accepted',
        'have PingFederate, or the gateway in front of it, reject them: clients that forget the header pass here and fail elsewhere',
      );
    case null:
      return unknown('xsrf', 'the response to a request without X-XSRF-Header was not conclusive');
  }
}
