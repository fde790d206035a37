import { spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { createServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ERROR_REMEDIES } from '../../../catalogue/error-remedies.ts';
import { OPTION_NAMES } from '../../../cli/setting-in-words.ts';
import { emptyFolder, pairstorm, scriptFile } from '../../cli/command.ts';
import { runScript } from '../script-fixture.ts';
import { issue } from './certificates.ts';
import type { Issued } from './certificates.ts';

async function listen(server: Server): Promise<number> {
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const https = (options: ServerOptions): Server =>
  createServer(options, (_request, response) => void response.end('ok'));

let [root, middle, good]: Issued[] = [];
beforeAll(async () => {
  root = await issue('Root of the test');
  middle = await issue('Intermediate of the test', root, { authority: true });
  good = await issue('good.test', middle);
});

/** The texts of codes are those of the engine, word for word: they are tags. */
const CAUSES: readonly (readonly [name: string, serve: () => Promise<Server>, said: string])[] = [
  ['is right', async () => https({ key: good!.key, cert: good!.chain }), '200 0'],
  ['has expired', async () => https(await leaf({ days: [-3, -2] })), '0 1312 x509: certificate has expired'],
  ['is not yet valid', async () => https(await leaf({ days: [2, 3] })), '0 1313 x509: certificate is not yet valid'],
  [
    'is of another host',
    async () => https(await leaf({ name: 'other.test' })),
    '0 1311 x509: certificate is not valid for this host name',
  ],
  [
    'comes without its intermediate',
    async () => https({ key: good!.key, cert: good!.cert }),
    '0 1314 x509: the certificate of the issuer is missing',
  ],
  [
    'is of an unknown authority',
    async () => {
      const other = await issue('Another root');
      const issuer = await issue('Another intermediate', other, { authority: true });
      const { key, chain } = await issue('good.test', issuer);
      return https({ key, cert: chain });
    },
    '0 1310 x509: certificate signed by unknown authority',
  ],
  [
    'is its own authority',
    async () => {
      const { private: key, cert } = await generate([{ name: 'commonName', value: 'good.test' }], {
        algorithm: 'sha256',
      });
      return https({ key, cert });
    },
    '0 1310 x509: certificate signed by unknown authority',
  ],
];

async function leaf({
  name = 'good.test',
  days = [-1, 1] as const,
}: {
  name?: string;
  days?: readonly [number, number];
}) {
  const { key, chain } = await issue(name, middle, { days });
  return { key, cert: chain };
}

/** Servers that do not come to an understanding with the engine. */
const PROTOCOLS: readonly (readonly [name: string, serve: () => Server, said: string])[] = [
  [
    'speaks HTTP/2 only',
    () => createSecureServer({ key: good!.key, cert: good!.chain, ALPNProtocols: ['h2'] }),
    '0 1320 tls: the server does not speak HTTP/1.1',
  ],
  [
    'speaks TLS 1.1 only',
    () =>
      https({
        ...{ key: good!.key, cert: good!.chain, ciphers: 'DEFAULT@SECLEVEL=0' },
        ...{ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' },
      }),
    '0 1321 tls: no common version',
  ],
  [
    'requires a client certificate (TLS 1.2)',
    () => https({ key: good!.key, cert: good!.chain, ca: root!.cert, requestCert: true, maxVersion: 'TLSv1.2' }),
    '0 1322 tls: the server requires a client certificate',
  ],
  [
    'requires a client certificate (TLS 1.3)',
    () => https({ key: good!.key, cert: good!.chain, ca: root!.cert, requestCert: true }),
    '0 1322 tls: the server requires a client certificate',
  ],
];

/** Requests to servers on this machine, all of them called good.test: status, error code and text of each. */
async function ask(ports: readonly number[], tlsAuth: readonly object[] = []): Promise<string[]> {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'ca.pem'), root!.cert);
  const script = scriptFile(
    folder,
    'ask.js',
    `import http from 'k6/http';
     export const options = { hosts: { '*.test': '127.0.0.1' }, tlsAuth: ${JSON.stringify(tlsAuth)} };
     export default async () => {
       for (const port of ${JSON.stringify(ports)}) {
         const { status, error_code, error } = await http.asyncRequest('GET', 'https://good.test:' + port + '/');
         console.log('said ' + status + ' ' + error_code + ' ' + error);
       }
     };`,
  );
  const { stdout, stderr } = await pairstorm(folder, ['run', script, '--workers', '0'], {
    NODE_EXTRA_CA_CERTS: 'ca.pem',
  });
  return [...(stdout + stderr).matchAll(/said (.*)/g)].map(([, text]) => text!.trim());
}

describe('What is wrong in a TLS handshake has a code and a sentence of its own', () => {
  it('of a certificate', async () => {
    const ports: number[] = [];
    for (const [, serve] of CAUSES) ports.push(await listen(await serve()));
    const said = await ask(ports);
    expect(said.map((text, at) => `${CAUSES[at]![0]}: ${text}`)).toEqual(
      CAUSES.map(([name, , text]) => `${name}: ${text}`),
    );
  });

  it('of the protocol, and of a client certificate that is missing', async () => {
    const ports: number[] = [];
    for (const [, serve] of PROTOCOLS) ports.push(await listen(serve()));
    const said = await ask(ports);
    expect(said.map((text, at) => `${PROTOCOLS[at]![0]}: ${text}`)).toEqual(
      PROTOCOLS.map(([name, , text]) => `${name}: ${text}`),
    );
  });

  // Node's own server closes the connection without a word.
  it.skipIf(spawnSync('openssl', ['version']).status !== 0)(
    'of a client certificate that the server does not trust',
    async () => {
      const folder = emptyFolder();
      const write = (name: string, text: string): string => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
      };
      const { key, cert } = await issue('client', await issue('Nobody'));
      const own = ['-key', write('key.pem', good!.key), '-cert', write('cert.pem', good!.cert)];
      const verify = ['-CAfile', write('ca.pem', root!.cert), '-Verify', '2', '-verify_return_error', '-www'];
      const chain = ['-cert_chain', write('chain.pem', middle!.cert)];
      const ports: number[] = [];
      for (const version of ['-tls1_3', '-tls1_2']) {
        const free = createTcpServer();
        const port = await listen(free);
        await new Promise((resolve) => free.close(resolve));
        const server = spawn('openssl', [
          's_server',
          '-accept',
          `127.0.0.1:${port}`,
          ...own,
          ...chain,
          ...verify,
          version,
        ]);
        onTestFinished(() => void server.kill());
        await new Promise<void>((resolve) =>
          server.stdout.on('data', (text) => String(text).includes('ACCEPT') && resolve()),
        );
        ports.push(port);
      }
      expect(await ask(ports, [{ cert, key }])).toEqual(
        Array(2).fill('0 1323 tls: the server refuses the client certificate'),
      );
    },
  );

  it('and a remedy in which the setting of the user stands', () => {
    const settings = /NODE_EXTRA_CA_CERTS|PF_BASE_URL|TLS_SKIP_VERIFY|TLS_CLIENT_CERT/;
    for (const code of [1310, 1311, 1312, 1313, 1314, 1322, 1323])
      expect(ERROR_REMEDIES[code], String(code)).toMatch(settings);
  });
});

describe('A client certificate that cannot be used is refused in the names of its settings', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const locked = rsa.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }) as string;
  const P12 = Buffer.from('3082096c0201033082092206092a864886f70d010701a08209130482090f', 'hex');
  it.each<readonly [string, () => readonly [cert: string, key: string, password?: string], RegExp]>([
    ['an encrypted key', () => [good!.cert, locked], /TLS_CLIENT_KEY is encrypted; set TLS_CLIENT_KEY_PASSWORD/],
    [
      'an encrypted key with another password',
      () => [good!.cert, locked, 'wrong'],
      /TLS_CLIENT_KEY_PASSWORD does not open TLS_CLIENT_KEY/,
    ],
    ['PKCS#12 as the key', () => [good!.cert, P12.toString('latin1')], /TLS_CLIENT_KEY is not PEM; .* PKCS#12/],
    ['a key as the certificate', () => [good!.key, good!.key], /TLS_CLIENT_CERT is PEM, but not a certificate/],
    ['a certificate as the key', () => [good!.cert, good!.cert], /TLS_CLIENT_KEY is PEM, but not a private key/],
  ])('%s', async (_title, made, wrong) => {
    const [cert, key, password] = made();
    const tlsAuth = JSON.stringify([{ cert, key, ...(password === undefined ? {} : { password }) }]);
    const source = `exports.options = { tlsAuth: ${tlsAuth} }; exports.default = () => {};`;
    const { exitCode, reason } = await runScript(source, { optionNames: OPTION_NAMES });
    expect(reason).toMatch(wrong);
    expect(reason).not.toMatch(/options\.tlsAuth|BEGIN/);
    expect(exitCode).toBe(104);
  });

  it.each<readonly [string, () => readonly [cert: string | Buffer, key: string], RegExp]>([
    [
      'a key of another certificate',
      () => [good!.cert, middle!.key],
      /TLS_CLIENT_KEY does not belong to the certificate of TLS_CLIENT_CERT/,
    ],
    ['PKCS#12 as the certificate', () => [P12, good!.key], /TLS_CLIENT_CERT is not PEM; .* PKCS#12/],
  ])('%s, by the command', async (_title, made, wrong) => {
    const folder = emptyFolder();
    const [cert, key] = made();
    writeFileSync(join(folder, 'cert'), cert);
    writeFileSync(join(folder, 'key'), key);
    const { code, stderr } = await pairstorm(folder, ['run', 'smoke', '--dry-run'], {
      ...{ PF_BASE_URL: 'https://127.0.0.1:1', TLS_CLIENT_CERT: 'cert', TLS_CLIENT_KEY: 'key' },
    });
    expect(stderr).toMatch(wrong);
    expect(stderr).not.toMatch(/options\.tlsAuth|BEGIN/);
    expect(code).toBe(104);
  });
});
