import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { DoctorResult } from '../../cli/doctor.ts';
import { emptyFolder, pairstorm, start, writeInventory } from './command.ts';
import { carriedOut } from './in-process.ts';

const folder = emptyFolder();
const INVENTORY = join(folder, 'people.json');

/** Answers every request with 404, as a server that is not a PingFederate does. */
const other = createServer((_request, response) => response.writeHead(404).end());
/** Answers every request with a page, as a web server or a captive portal does. */
const portal = createServer((_request, response) => response.end('<html>welcome</html>'));
const tls = { url: '', end: (): void => undefined };
let otherUrl = '';

beforeAll(async () => {
  writeInventory(INVENTORY, 200, 3);
  await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
  otherUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => void portal.listen(0, '127.0.0.1', resolve));
  const simulator = start(folder, ['simulate', '--tls', '--port', '0', '--inventory', INVENTORY]);
  await simulator.says('load it');
  tls.url = /https:\/\/[\w.:]+/.exec(simulator.said())![0];
  tls.end = () => void simulator.child.kill('SIGTERM');
});

afterAll(() => {
  other.close();
  portal.close();
  tls.end();
});

/** A host that is reached through a proxy, and a proxy that nobody started; the password is nobody's business. */
const PROXIED = { PF_BASE_URL: 'http://sso.example.test:9031', ALLOW_HOSTS: 'sso.example.test' };
const DEAD = 'http://me:hunter2@127.0.0.1:1';

describe('A run that its look at the target stops says what doctor says, in one line, once:', () => {
  it.each([
    ['a private certificate authority', () => ({ PF_BASE_URL: tls.url }), /NODE_EXTRA_CA_CERTS.*TLS_SKIP_VERIFY=true/],
    [
      'http where https is spoken',
      () => ({ PF_BASE_URL: tls.url.replace('https', 'http') }),
      /write https:\/\/ in PF_BASE_URL/,
    ],
    [
      'https where http is spoken',
      () => ({ PF_BASE_URL: otherUrl.replace('http', 'https') }),
      /check that it is an https port/,
    ],
    ['nobody there', () => ({ PF_BASE_URL: 'http://127.0.0.1:1' }), /start PingFederate there/],
    ['no PingFederate', () => ({ PF_BASE_URL: otherUrl }), /HTTP 404\); correct the path of PF_BASE_URL/],
    [
      'a dead proxy',
      () => ({ ...PROXIED, HTTP_PROXY: DEAD }),
      /through the proxy http:\/\/127\.0\.0\.1:1 of HTTP_PROXY/,
    ],
    [
      'a dead proxy by its lower-case name',
      () => ({ ...PROXIED, PF_BASE_URL: 'https://sso.example.test', https_proxy: DEAD }),
      /through the proxy http:\/\/127\.0\.0\.1:1 of https_proxy\); start that proxy/,
    ],
  ])('%s', async (_title, env, says) => {
    const args = ['run', 'smoke', '--quiet', '--workers', '0'];
    const { code, stdout, stderr } = await pairstorm(folder, args, { INVENTORY, ...env() });
    expect(stderr).toMatch(/^error: PF_BASE_URL: no heartbeat from [^\n]* \([^\n]*\n$/);
    expect(stderr).toMatch(says);
    expect([code, stdout]).toEqual([104, '']);
    const doctor = await carriedOut(folder, ['doctor', '--json'], { INVENTORY, ...env() });
    const { checks } = JSON.parse(doctor.stdout) as DoctorResult;
    const { remedy } = checks.find(({ is }) => is === 'wrong')!;
    expect(stderr).toContain(`; ${remedy}`);
    expect(stderr + doctor.stdout + doctor.stderr).not.toContain('hunter2');
  });
});

test('A server that answers everything with a page is not taken for a PingFederate without a phone', async () => {
  const env = { PF_BASE_URL: `http://127.0.0.1:${(portal.address() as AddressInfo).port}` };
  const { code, stderr } = await pairstorm(folder, ['run', 'smoke', '--quiet', '--workers', '0'], env);
  expect(stderr).toMatch(
    /^error: PF_BASE_URL: what answers at [^ ]+ is not a PingFederate: [^\n]*; correct the address\n$/,
  );
  expect(code).toBe(104);
});

describe('A client that the target does not know', () => {
  it.each([
    ['by its id', { PF_CLIENT_ID: 'nobody' }, 'client'],
    ['by its secret', { PF_CLIENT_SECRET: 'wrong-secret' }, 'token'],
  ])('%s stops a run before any load, with the words of doctor', async (_title, wrong, check) => {
    const env = { INVENTORY, PF_BASE_URL: tls.url, TLS_SKIP_VERIFY: 'true', TIME_SCALE: '0.1', ...wrong };
    const { code, stderr } = await pairstorm(folder, ['run', 'smoke', '--quiet', '--workers', '0'], env);
    expect(stderr).toMatch(
      /^error: PF_CLIENT_ID: the token endpoint refuses the client \w+: invalid_client; [^\n]*\n$/,
    );
    expect(code).toBe(104);
    const doctor = await carriedOut(folder, ['doctor', '--json'], env);
    const { checks } = JSON.parse(doctor.stdout) as DoctorResult;
    expect(stderr).toContain(checks.find((one) => one.check === check && one.is === 'wrong')!.remedy);
    expect(stderr + doctor.stdout).not.toContain('wrong-secret');
  });
});

describe('The proxy to the target', () => {
  const head = async (env: Record<string, string>): Promise<string> =>
    (await pairstorm(folder, ['run', 'smoke', '--workers', '0'], { INVENTORY, ...env })).stderr;

  it('stands in the banner, without credentials', async () => {
    const stderr = await head({ ...PROXIED, HTTP_PROXY: DEAD });
    expect(stderr).toContain('proxy      http://127.0.0.1:1 of HTTP_PROXY\n');
    expect(stderr).not.toContain('hunter2');
  });

  it('does not, where NO_PROXY or loopback goes past it, nor one that somebody else named', async () => {
    const past = await head({
      ...PROXIED,
      HTTP_PROXY: DEAD,
      NO_PROXY: 'example.test',
      PAIRSTORM_PROXY: 'http://x:1 of Y',
    });
    expect(past).not.toMatch(/proxy/i);
    expect(await head({ PF_BASE_URL: 'http://127.0.0.1:1', HTTP_PROXY: DEAD })).not.toMatch(/proxy/i);
  });

  it('is in the first lines of doctor, too', async () => {
    const { stdout } = await pairstorm(folder, ['doctor'], { INVENTORY, ...PROXIED, HTTP_PROXY: DEAD });
    expect(stdout).toMatch(
      /^target http:\/\/sso\.example\.test:9031\nproxy {2}http:\/\/127\.0\.0\.1:1 of HTTP_PROXY\n/,
    );
  });
});
