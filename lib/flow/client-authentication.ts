import { b64encode } from 'k6/encoding';
import type { Settings } from '../settings.ts';

/** What proves the client at the token endpoint: form fields and headers. */
export interface ClientProof {
  readonly fields: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Proof of a client by its secret, in the body or by HTTP Basic, or only its id (RFC 6749 section 2.3.1). */
export function clientProof({ clientAuth, clientId, clientSecret }: Settings): ClientProof {
  switch (clientAuth) {
    case 'none':
      return { fields: { client_id: clientId }, headers: {} };
    case 'post':
      return { fields: { client_id: clientId, client_secret: clientSecret }, headers: {} };
    case 'basic': {
      const credentials = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
      return { fields: {}, headers: { Authorization: `Basic ${b64encode(credentials)}` } };
    }
  }
}
