import { mediaTypeOf, queryOf } from '../call.ts';
import type { Call } from '../call.ts';
import { START_JSON_TYPES, START_PARAMETERS_FIELD } from '../../protocol/transport.ts';
import { refuseOAuth } from './oauth-refusal.ts';

/** Parameters of a form body. Throws invalid_request for another content type or a repeated parameter (RFC 6749). */
export function formParameters(call: Call): Map<string, string> {
  if (mediaTypeOf(call) !== 'application/x-www-form-urlencoded') {
    throw refuseOAuth('invalid_request', 'The content type must be application/x-www-form-urlencoded.');
  }
  return onceEach(new URLSearchParams(call.body));
}

/** Authorization parameters from query and form or JSON body; the query wins. [widget] [android] [ios] */
export function authorizationParameters(call: Call): Map<string, string> {
  const query = onceEach(queryOf(call));
  if (call.method !== 'POST' || call.body === '') return query;
  const json = (START_JSON_TYPES as readonly string[]).includes(mediaTypeOf(call));
  const body = json ? jsonParameters(call.body) : formParameters(call);
  return new Map([...body, ...query]);
}

function onceEach(entries: Iterable<[string, string]>): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of entries) {
    if (parameters.has(name)) throw refuseOAuth('invalid_request', 'A parameter is repeated.');
    if (value !== '') parameters.set(name, value);
  }
  return parameters;
}

function jsonParameters(body: string): Map<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw refuseOAuth('invalid_request', 'The body is not JSON.');
  }
  const { [START_PARAMETERS_FIELD]: nested = {}, ...own } = objectOf(value, 'The body');
  const all = [...Object.entries(own), ...Object.entries(objectOf(nested, START_PARAMETERS_FIELD))];
  return onceEach(all.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw refuseOAuth('invalid_request', `${what} is not a JSON object.`);
}
