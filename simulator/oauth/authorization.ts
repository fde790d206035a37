import { ok } from '../answer.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Deployment } from '../deployment.ts';
import { beginFirstFactor } from '../first-factor.ts';
import { requireXsrfHeader, sessionHeaders } from '../flow-endpoint.ts';
import { viewFlow } from '../flow-view.ts';
import { newFlow } from '../flow.ts';
import { newSession } from '../session.ts';
import { readAuthorizationRequest } from './authorization-request.ts';
import { authorizationParameters } from './parameters.ts';

/** GET or POST of the authorization endpoint: starts a redirectless flow, in a session of its own. */
export async function startFlow(deployment: Deployment, call: Call): Promise<Answer> {
  requireXsrfHeader(deployment, call);
  const { client, request } = readAuthorizationRequest(authorizationParameters(call), deployment);
  const flow = newFlow(deployment.flows.newId(), client, request, newSession(), deployment.now());
  beginFirstFactor(deployment, flow);
  deployment.flows.add(flow);
  const view = await viewFlow(deployment, flow);
  deployment.counts.started(request.state);
  return ok(view, sessionHeaders(deployment, flow));
}
