const TRUST = 'trust its issuer (NODE_EXTRA_CA_CERTS=ca.pem)';
const SKIP = ', or set TLS_SKIP_VERIFY=true';

/**
 * What to do about a proxy that refuses and a TLS handshake that fails, by error code (docs/errors.md). Like `lib/diagnoses.ts`, which uses it, it belongs to the
 * planning half of a bundle.
 */
export const ERROR_REMEDIES: Readonly<Record<number, string>> = {
  1288: 'allow the host there, or add it to NO_PROXY',
  1289: 'put USER:PASSWORD@ into its variable',
  1310: TRUST + SKIP,
  1311: `use a host name of the certificate in PF_BASE_URL${SKIP}`,
  1312: `renew it${SKIP}`,
  1313: `correct the clock${SKIP}`,
  1314: `have the server send its intermediates, ${TRUST}${SKIP}`,
  1320: 'allow HTTP/1.1 there',
  1321: 'allow TLS 1.2',
  1322: 'set TLS_CLIENT_CERT and TLS_CLIENT_KEY',
  1323: 'correct TLS_CLIENT_CERT',
};
