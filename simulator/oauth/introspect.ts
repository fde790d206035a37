import { ok } from '../answer.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Deployment } from '../deployment.ts';
import { presentedClient, refuseClient } from './client-authentication.ts';
import { formParameters } from './parameters.ts';
import { showsStatus } from './status-claim.ts';
import { readAccessToken } from './tokens.ts';

/** POST of the introspection endpoint (RFC 7662), for a client with its secret. */
export async function introspectToken(deployment: Deployment, call: Call): Promise<Answer> {
  const form = formParameters(call);
  const { authenticated } = presentedClient(call, form, deployment.clients);
  if (!authenticated) throw refuseClient('The client secret is missing.');
  const content = await readAccessToken(deployment, form.get('token') ?? '');
  if (content === null) return ok({ active: false });
  const status = showsStatus(deployment.settings, 'introspection') ? content.status : {};
  return ok({ active: true, token_type: 'Bearer', ...content.claims, ...status });
}
