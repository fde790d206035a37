import type { Answer } from './answer.ts';
import type { Call } from './call.ts';
import type { Deployment } from './deployment.ts';
import type { SimulatorSettings } from './settings.ts';

/** What pages of an allowed origin may send: the headers of the widget and of the token endpoint. [choice] */
const ALLOWED = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'accept, authorization, content-type, x-pf-authn-api-state, x-xsrf-header',
  'access-control-max-age': '600',
};

/** An allowed origin may read responses and send cookies (Fetch Standard, section 3.3). [doc] */
export function corsHeaders({ corsOrigins }: SimulatorSettings, { headers }: Call): Readonly<Record<string, string>> {
  if (corsOrigins.length === 0) return {};
  const { origin } = headers;
  if (origin === undefined || !corsOrigins.includes(origin)) return { vary: 'Origin' };
  return { vary: 'Origin', 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' };
}

/** OPTIONS, a browser's preflight request: always 204, but only an allowed origin gets the headers. [doc] */
export function answerPreflight({ settings }: Deployment, call: Call): Answer {
  const allowed = settings.corsOrigins.includes(call.headers.origin ?? '');
  return { httpStatus: 204, body: null, ...(allowed && { headers: ALLOWED }), code: 'ok' };
}
