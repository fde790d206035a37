import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { proxyChoice } from '../../../engine/http/proxy.ts';
import { receiverAt } from '../../../engine/outputs/remote-write/http-post.ts';
import type { Answer } from '../../../engine/outputs/remote-write/delivery.ts';
import { readRemoteWriteTarget } from '../../../engine/outputs/remote-write/settings.ts';
import { NEVER } from './a-run.ts';

/** PEM files of two certificates with their keys. */
let files: Record<'cert' | 'key' | 'otherKey', string>;
let own: { readonly key: string; readonly cert: string };

beforeAll(async () => {
  const [one, other] = await Promise.all(['one', 'other'].map((value) => generate([{ name: 'commonName', value }])));
  const folder = mkdtempSync(join(tmpdir(), 'pairstorm-tls-'));
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  own = { key: one!.private, cert: one!.cert };
  files = {
    cert: write('cert.pem', one!.cert),
    key: write('key.pem', one!.private),
    otherKey: write('other.pem', other!.private),
  };
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** A receiver over TLS that tells, as a refusal, whose certificate it saw. */
async function tlsReceiver(options: ServerOptions): Promise<string> {
  const server = createTlsServer({ ...own, ...options }, (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate() as Partial<PeerCertificate>;
    response.writeHead(400).end(`seen ${String(subject?.CN)}`);
  });
  server.on('tlsClientError', () => undefined);
  return `https://127.0.0.1:${await listen(server)}/`;
}

/** One attempt to deliver. */
async function attempt(
  url: string,
  environment: Readonly<Record<string, string>>,
  proxies = { http: '', https: '', no: '' },
): Promise<Answer> {
  const receiver = receiverAt(readRemoteWriteTarget(url, environment), '1.2.3', proxyChoice(proxies));
  try {
    return await receiver.post(Uint8Array.of(0), NEVER);
  } finally {
    await receiver.close();
  }
}

const SKIP = { K6_PROMETHEUS_RW_INSECURE_SKIP_TLS_VERIFY: 'true' };

test('a certificate of nobody is refused unless any will do', async () => {
  const url = await tlsReceiver({});
  expect(await attempt(url, {})).toEqual({ how: 'later', reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  expect(await attempt(url, SKIP)).toEqual({ how: 'refused', reason: 'HTTP 400: seen undefined' });
});

test('a client certificate is shown', async () => {
  const url = await tlsReceiver({ requestCert: true, rejectUnauthorized: false });
  const shown = {
    K6_PROMETHEUS_RW_CLIENT_CERTIFICATE: files.cert,
    K6_PROMETHEUS_RW_CLIENT_CERTIFICATE_KEY: files.key,
  };
  expect(await attempt(url, { ...SKIP, ...shown })).toEqual({ how: 'refused', reason: 'HTTP 400: seen one' });
  const mixed = { ...shown, K6_PROMETHEUS_RW_CLIENT_CERTIFICATE_KEY: files.otherKey };
  expect(() => readRemoteWriteTarget(url, mixed)).toThrow(/cannot be used together .*; use a certificate and its key/);
});

test('TLS 1.3 is asked for unless 1.2 will do', async () => {
  const url = await tlsReceiver({ maxVersion: 'TLSv1.2' });
  expect(await attempt(url, SKIP)).toMatchObject({ how: 'later' });
  expect(await attempt(url, { ...SKIP, K6_PROMETHEUS_RW_TLS_MINIMUM_VERSION: '1.2' })).toMatchObject({
    how: 'refused',
  });
});

test('a plain request goes through the proxy of the environment', async () => {
  const seen: (string | undefined)[] = [];
  const port = await listen(
    createHttpServer((request, response) => {
      seen.push(`${request.method!} ${request.url!}`, request.headers['proxy-authorization']);
      response.writeHead(204).end();
    }),
  );
  const proxy = { http: `http://someone:secret@127.0.0.1:${port}`, https: '', no: 'direct.test' };
  expect(await attempt('http://metrics.test:9090/api/v1/write', {}, proxy)).toEqual({ how: 'taken' });
  expect(seen).toEqual([
    'POST http://metrics.test:9090/api/v1/write',
    `Basic ${Buffer.from('someone:secret').toString('base64')}`,
  ]);
});

test('a redirect is not followed: what authenticates a run goes nowhere else', async () => {
  const port = await listen(
    createHttpServer((_request, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end()),
  );
  expect(await attempt(`http://127.0.0.1:${port}/`, {})).toEqual({ how: 'refused', reason: 'HTTP 307' });
});

test('a receiver that is busy says when it can be asked again', async () => {
  const port = await listen(
    createHttpServer(({ url }, response) => {
      const when = url === '/date' ? new Date(Date.now() + 3_600_000).toUTCString() : '7';
      response.writeHead(429, { 'retry-after': when }).end();
    }),
  );
  expect(await attempt(`http://127.0.0.1:${port}/`, {})).toEqual({ how: 'later', reason: 'HTTP 429', afterMs: 7_000 });
  const { afterMs } = (await attempt(`http://127.0.0.1:${port}/date`, {})) as { afterMs: number };
  expect(Math.abs(afterMs - 3_600_000)).toBeLessThan(60_000);
});
