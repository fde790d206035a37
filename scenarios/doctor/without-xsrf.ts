import http from 'k6/http';
import type { InventoryUser } from '../../contract/inventory.ts';
import { codeVerifier, formEncode, startParameters } from '../../lib/flow/client-authentication.ts';
import type { HttpAnswer } from '../../lib/json-object.ts';
import type { RunPlan } from '../../lib/run-plan.ts';
import { fillModel } from '../../lib/template.ts';
import { ACTION_MEDIA_TYPE, COOKIELESS, PATHS, XSRF_HEADER } from '../../protocol/transport.ts';
import { flowAnswerOf, stateIn } from './findings.ts';
import type { WithoutXsrf } from './findings.ts';

const PARAMS = { tags: { name: 'xsrf', peer: 'setup' }, redirects: 0, responseType: 'text' } as const;

/**
 * Tries requests without X-XSRF-Header: starting a flow, which PingFederate may allow (Ping's widget sends none there,
 * protocol.md section 1), and reading it, which must be rejected. The flow is cancelled.
 */
export async function tryWithoutXsrf(
  { settings, target }: RunPlan,
  user: InventoryUser,
  state: string,
): Promise<WithoutXsrf> {
  const jar = new http.CookieJar();
  const headers: Record<string, string> = { Accept: 'application/json', ...settings.headers };
  const more = fillModel(settings.parameters, user) as typeof settings.parameters;
  const query = startParameters(settings, state, settings.pkce ? codeVerifier(state) : undefined, more);
  const url = `${target.pf}${PATHS.authorization}?${formEncode(query)}`;
  const started = await http.asyncRequest('GET', url, null, { ...PARAMS, headers, jar });
  const answer = flowAnswerOf(started);
  // Other rejections (such as an unknown client) look the same, but then the flow that follows is rejected, too.
  if (answer.is !== 'flow') return isRefusal(started) ? 'refused' : null;
  const flowUrl = `${target.pf}${PATHS.flows}/${answer.flow.id}`;
  const first = stateIn(started);
  if (first !== undefined) headers[COOKIELESS.header] = first;
  const read = await http.asyncRequest('GET', flowUrl, null, { ...PARAMS, headers, jar });
  const renewed = stateIn(read);
  if (renewed !== undefined) headers[COOKIELESS.header] = renewed;
  const type = `${ACTION_MEDIA_TYPE.prefix}cancelAuthentication${ACTION_MEDIA_TYPE.suffix}`;
  await http.asyncRequest('POST', flowUrl, '{}', {
    ...PARAMS,
    headers: { ...headers, 'Content-Type': type, [XSRF_HEADER.name]: XSRF_HEADER.value },
    jar,
  });
  if (flowAnswerOf(read).is === 'flow') return 'served';
  return isRefusal(read) ? 'refused' : null;
}

/** A rejection of the request itself, not by a rate limit. */
function isRefusal({ status }: HttpAnswer): boolean {
  return status >= 400 && status < 500 && status !== 429;
}
