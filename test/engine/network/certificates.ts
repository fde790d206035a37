import { generate } from 'selfsigned';

/** A certificate with its key, in PEM; `chain`: with those that it was issued by, but the root. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
  readonly chain: string;
}

const DAY_MS = 86_400_000;

/** Makes a certificate that is valid from and to a day from now; without `issuer` a root. `name`: its common name, and what a server is called. */
export async function issue(
  name: string,
  issuer?: Issued,
  { authority = false, days = [-1, 1] }: { authority?: boolean; days?: readonly [number, number] } = {},
): Promise<Issued> {
  const isCa = authority || issuer === undefined;
  const made = await generate([{ name: 'commonName', value: name }], {
    ...{ algorithm: 'sha256', keyType: 'ec' },
    ...(issuer === undefined ? {} : { ca: { key: issuer.key, cert: issuer.cert } }),
    notBeforeDate: new Date(Date.now() + days[0] * DAY_MS),
    notAfterDate: new Date(Date.now() + days[1] * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: isCa, critical: true },
      isCa
        ? { name: 'keyUsage', keyCertSign: true, cRLSign: true }
        : { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
      ...(isCa ? [] : [{ name: 'subjectAltName' as const, altNames: [{ type: 2 as const, value: name }] }]),
    ],
  });
  const above = issuer === undefined || !authority ? '' : made.cert;
  return { cert: made.cert, key: made.private, chain: isCa ? above : `${made.cert}\n${issuer.chain}` };
}
