import { jsonObject } from '../../../lib/json-object.ts';
import type { Check } from '../line.ts';
import { flowAnswerOf, foundWrong, right, unknown } from '../findings.ts';
import type { Findings } from '../findings.ts';
import { NOT_REACHED } from './network.ts';

/**
 * Checks that PingFederate takes the request object, and uses what stands beside it in the query: `state` and PKCE
 * differ from flow to flow, and the object is signed once. Undefined without a request object.
 */
export function requestObject({ settings, exchanges }: Findings): Check | undefined {
  if (settings.requestObject === '') return undefined;
  const [start] = exchanges;
  if (start === undefined) return unknown('request_object', NOT_REACHED);
  if (flowAnswerOf(start.res).is !== 'flow') return unknown('request_object', 'the start was refused (above)');
  const flows = exchanges.map(({ res }) => jsonObject(res));
  const completed = flows.find((flow) => flow?.['status'] === 'COMPLETED');
  if (completed === undefined) return unknown('request_object', 'it was taken; the flow did not come to its end');
  const { state } = (completed['authorizeResponse'] ?? {}) as { readonly state?: unknown };
  if (state !== undefined) return right('request_object', 'taken, with state and PKCE beside it');
  if (!settings.pkce)
    return right(
      'request_object',
      'taken; what stands beside it is ignored, which a client with a secret does not need',
    );
  return foundWrong(
    'request_object',
    'what stands beside it in the query is ignored: state and PKCE were lost',
    'use a client with a secret and without PKCE: PF_CLIENT_SECRET_FILE, PF_CLIENT_AUTH=post or basic',
  );
}
