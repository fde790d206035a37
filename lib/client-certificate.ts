import type { Options } from 'k6/options';
import { readFile } from './read-file.ts';
import type { Settings } from './settings.ts';
import { hostOf } from './target.ts';

/** k6's `tlsAuth`: the client certificate that PingFederate's host is shown, and no other. Init code only. */
export function clientCertificate(settings: Settings): Pick<Options, 'tlsAuth'> {
  const { tlsClientCert, tlsClientKey, tlsClientKeyPassword, baseUrl } = settings;
  if (tlsClientCert === '') return {};
  return {
    tlsAuth: [
      {
        domains: [(hostOf(baseUrl) ?? '').replace(/^\[|\]$/g, '')],
        cert: readFile('TLS_CLIENT_CERT', tlsClientCert),
        key: readFile('TLS_CLIENT_KEY', tlsClientKey),
        ...(tlsClientKeyPassword !== '' && { password: tlsClientKeyPassword }),
      },
    ],
  };
}
