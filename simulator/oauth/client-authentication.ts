import type { Call } from '../call.ts';
import type { OAuthClient } from '../settings/oauth.ts';
import { refuseOAuth } from './oauth-refusal.ts';

/** The client of a call, and whether it presented the right secret. */
export interface PresentedClient {
  readonly client: OAuthClient;
  readonly authenticated: boolean;
}

/** Reads client id and secret from HTTP Basic or the form (RFC 6749 section 2.3.1); throws invalid_client. */
export function presentedClient(
  call: Call,
  form: ReadonlyMap<string, string>,
  clients: ReadonlyMap<string, OAuthClient>,
): PresentedClient {
  const basic = basicCredentials(call.headers.authorization);
  if (basic !== null && form.has('client_secret')) {
    throw refuseOAuth('invalid_request', 'The client uses two authentication methods.');
  }
  const id = basic?.id ?? form.get('client_id');
  const secret = basic?.secret ?? form.get('client_secret');
  const client = id === undefined ? undefined : clients.get(id);
  if (client === undefined) throw refuseClient('The client is missing or unknown.');
  if (basic !== null && form.has('client_id') && form.get('client_id') !== id) {
    throw refuseOAuth('invalid_request', 'The client_id is not that of the Authorization header.');
  }
  if (secret !== undefined && secret !== client.secret) throw refuseClient('The client secret is wrong.');
  return { client, authenticated: secret !== undefined };
}

/** invalid_client, with the challenge required by RFC 6749 section 5.2. */
export function refuseClient(description: string): Error {
  return refuseOAuth('invalid_client', description, { 'www-authenticate': 'Basic realm="pairstorm simulator"' });
}

function basicCredentials(header: string | undefined): { id: string; secret: string } | null {
  if (header === undefined) return null;
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header)?.[1];
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) throw refuseClient('The Authorization header is not HTTP Basic.');
  return { id: formDecode(text.slice(0, colon)), secret: formDecode(text.slice(colon + 1)) };
}

function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw refuseClient('The Authorization header is not form-encoded.');
  }
}
