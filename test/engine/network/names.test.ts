import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { emptyFolder, scriptFile } from '../../cli/command.ts';
import { runScript } from '../script-fixture.ts';

const COMMAND = fileURLToPath(new URL('../../../build/cli/pairstorm.js', import.meta.url));
/** A hosts file of its own needs a mount namespace, which is for root on Linux. */
const WITH_NAMES = spawnSync('unshare', ['-m', 'true']).status === 0;
if (!WITH_NAMES)
  console.warn('names with several addresses are not tested: this machine allows no mount namespace (unshare -m)');

/** `npm run check:network` plays every way to choose. */
const FULL = process.env['FULL_SIZE'] !== undefined;
const ADDRESSES = ['127.0.0.2', '127.0.0.3', '127.0.0.4'];
const REQUESTS = 300;

/** Connections that came to each of three addresses that one name has; `moves`: it has others from its first connection on. */
async function spread(
  flags: readonly string[],
  hosts: readonly string[] = ADDRESSES,
  moves?: readonly string[],
): Promise<{ counts: number[]; said: string }> {
  const counts = ADDRESSES.map(() => 0);
  const folder = emptyFolder();
  const linesOf = (addresses: readonly string[]): string =>
    addresses.map((address) => `${address} many.test\n`).join('');
  writeFileSync(join(folder, 'hosts'), linesOf(hosts));
  // In one piece and in place: the namespace has this very file, and nobody may find it empty.
  const move = (addresses: readonly string[]): void => {
    const file = openSync(join(folder, 'hosts'), 'r+');
    writeSync(file, linesOf(addresses));
    closeSync(file);
  };
  let port = 0;
  for (const [at, address] of ADDRESSES.entries()) {
    const server = createServer((_request, response) => void response.end('ok')).on('connection', () => {
      counts[at]! += 1;
      if (moves !== undefined) move(moves);
    });
    await new Promise<void>((resolve) => server.listen(port, address, resolve));
    port = (server.address() as AddressInfo).port;
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
  }
  const script = scriptFile(
    folder,
    'ask.js',
    `import http from 'k6/http';
     export const options = { noConnectionReuse: true, vus: 3, iterations: ${REQUESTS} };
     export default async () => {
       const { error } = await http.asyncRequest('GET', 'http://many.test:${port}/');
       if (error !== '') console.log('failed: ' + error);
     };`,
  );
  const line = `mount --bind hosts /etc/hosts && exec "$0" "$@"`;
  const run = [process.execPath, COMMAND, 'run', script, '--allow-invalid', ...flags];
  const child = spawnAsync('unshare', ['-m', 'sh', '-c', line, ...run], folder);
  return { said: await child, counts };
}

function spawnAsync(command: string, args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(command, args, { cwd, env: { PATH: process.env['PATH'] ?? '' } });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve) => child.once('close', () => resolve(said)));
}

describe.skipIf(!WITH_NAMES)('New connections to a name with three addresses', () => {
  it.each([[['--workers', '2']], ...(FULL ? [[['--workers', '0']]] : [])])(
    'are spread over all of them (%j), and the end says how',
    async (flags) => {
      const { counts, said } = await spread(flags);
      expect(
        counts.reduce((sum, count) => sum + count, 0),
        said,
      ).toBe(REQUESTS);
      // Binomial: a third of them each, give or take five standard deviations (one run in a million is beyond).
      const [mean, deviation] = [REQUESTS / 3, Math.sqrt((REQUESTS * 2) / 9)];
      console.log(`${flags.join(' ')}: connections to each of three addresses: ${counts.join(', ')}`);
      for (const count of counts) expect(Math.abs(count - mean), counts.join()).toBeLessThan(5 * deviation);
      const each = ADDRESSES.map((address, at) => `${address} (${counts[at]})`).join(', ');
      expect(said).toContain(`connections to many.test: ${each}`);
    },
  );

  it.runIf(FULL)('take turns with select=roundRobin', async () => {
    const { counts, said } = await spread(['--workers', '0', '--dns', 'select=roundRobin,ttl=inf']);
    expect(counts, said).toEqual([100, 100, 100]);
  });

  it.runIf(FULL)('go to one with select=first, which need not be the first of the file', async () => {
    const { counts, said } = await spread(['--workers', '0', '--dns', 'select=first']);
    expect([...counts].sort(), said).toEqual([0, 0, REQUESTS]);
  });

  it.runIf(FULL).each([
    ['ttl=0', 'at once'],
    ['ttl=50ms', 'after 50 ms'],
    ['ttl=inf', 'never'],
  ])('with %s notice %s that the name has moved', async (dns, when) => {
    const { counts, said } = await spread(['--workers', '0', '--dns', dns], ['127.0.0.2'], ['127.0.0.3']);
    expect(counts[0]! + counts[1]!, said).toBe(REQUESTS);
    // Three users: what each has asked for when the name moves goes to the old address.
    if (when === 'at once') expect(counts[0], counts.join()).toBeLessThanOrEqual(6);
    if (when === 'never') expect(counts[1], counts.join()).toBe(0);
    else expect(counts[1], counts.join()).toBeGreaterThan(0);
  });

  it.runIf(FULL)('have none with a policy that no address is of', async () => {
    const { counts, said } = await spread(['--workers', '0', '--dns', 'policy=onlyIPv6']);
    expect(counts, said).toEqual([0, 0, 0]);
    expect(said).toContain('failed: lookup: no address of the family that options.dns asks for');
  });
});

describe('options.dns', () => {
  it.each<readonly [string, RegExp]>([
    ['{ select: "last" }', /options\.dns\.select is "last"; expected one of first, random, roundRobin/],
    ['{ policy: "IPv4" }', /options\.dns\.policy is "IPv4"; expected one of preferIPv4/],
    ['{ ttl: "soon" }', /options\.dns\.ttl is "soon"; expected a duration/],
    ['{ server: "1.1.1.1" }', /options\.dns\.server is not known; known: ttl, select, policy/],
  ])('%s is refused', async (dns, reason) => {
    const { exitCode, reason: said } = await runScript(
      `exports.options = { dns: ${dns} }; exports.default = () => {};`,
    );
    expect(exitCode).toBe(104);
    expect(said).toMatch(reason);
  });

  it('is shown as it came to be', async () => {
    const { said } = await runScript(
      `const exec = require('k6/execution');
       exports.options = { dns: { ttl: '1m', select: 'first' } };
       exports.default = () => console.log(JSON.stringify(exec.test.options.dns));`,
    );
    expect(said).toEqual(['{"ttl":"1m","select":"first"}']);
  });

  it('with ttl=0 asks anew for each connection; names that are not found stay failures of their own', async () => {
    const { said } = await runScript(
      `const http = require('k6/http');
       exports.options = { dns: { ttl: '0' } };
       exports.default = async () => console.log((await http.asyncRequest('GET', 'http://nowhere.invalid/')).error_code);`,
    );
    expect(['1100', '1101']).toContain(said[0]);
  });
});
