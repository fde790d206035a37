import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { runScript, serve, value } from './script-fixture.ts';
import type { ScriptRun } from './script-fixture.ts';

/** A target that knows the sockets it was reached by. */
async function target(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const sockets = new Set<IncomingMessage['socket']>();
  const base = await serve((request, response) => {
    sockets.add(request.socket);
    request.resume().on('end', () => answer(request, response));
  });
  return { base, sockets };
}

const later = (_request: IncomingMessage, response: ServerResponse): void => {
  setTimeout(() => response.end('answered'), 5);
};

function requests(
  BASE: string,
  options: string,
  sharedConnections: number | undefined,
  body = `for (let i = 0; i < 3; i++) console.log((await http.asyncRequest('POST', __ENV.BASE, 'x'.repeat(100))).status);`,
): Promise<ScriptRun> {
  return runScript(
    `const http = require('k6/http'); exports.options = ${options}; exports.default = async () => { ${body} };`,
    { env: { BASE }, ...(sharedConnections === undefined ? {} : { sharedConnections }) },
  );
}

const TEN_VUS = '{ vus: 10, iterations: 10 }';

describe('shared connections', () => {
  it('serve all VUs with as many sockets as the limit says', async () => {
    const own = await target(later);
    await requests(own.base, '{ scenarios: { all: { executor: "per-vu-iterations", vus: 10 } } }', undefined);
    expect(own.sockets.size).toBe(10);
    const shared = await target(later);
    const result = await requests(shared.base, TEN_VUS, 2);
    expect(result.said).toEqual(Array.from({ length: 30 }, () => '200'));
    expect(shared.sockets.size).toBe(2);
  });

  it('grow without a limit to what is under way at one time', async () => {
    const { base, sockets } = await target(later);
    const result = await requests(base, TEN_VUS, Infinity);
    expect(result.said).toHaveLength(30);
    expect(sockets.size).toBeLessThanOrEqual(10);
  });

  it('book every byte once', async () => {
    const { base, sockets } = await target(later);
    const result = await requests(base, TEN_VUS, 3);
    const sum = (of: 'bytesRead' | 'bytesWritten'): number =>
      [...sockets].reduce((total, socket) => total + socket[of], 0);
    expect(value(result, 'data_sent', 'count')).toBe(sum('bytesRead'));
    expect(value(result, 'data_received', 'count')).toBe(sum('bytesWritten'));
  });

  it('are felt as blocked time by a request that waits for one, and as connecting time by the one that dials', async () => {
    const { base } = await target(later);
    const result = await requests(
      base,
      TEN_VUS,
      1,
      `const { timings } = await http.asyncRequest('GET', __ENV.BASE); console.log(timings.connecting > 0 ? 'dials' : 'waits', timings.blocked >= 4);`,
    );
    expect(result.said.filter((line) => line.startsWith('dials'))).toHaveLength(1);
    // Nine wait, each but perhaps the first of them for at least one answer, which takes 5 ms.
    expect(result.said.filter((line) => line === 'waits true').length).toBeGreaterThanOrEqual(8);
  });

  it('are lost only by the request that runs out of time, on the wire or in line', async () => {
    const { base, sockets } = await target((request, response) => {
      if (request.url === '/ok') response.end('ok');
    });
    const result = await requests(
      base,
      '{ vus: 3, iterations: 3 }',
      1,
      `const [path, timeout] = [['/hang', '1s'], ['/ok', '50ms'], ['/ok', '30s']][__VU - 1];
       const res = await http.asyncRequest('GET', __ENV.BASE + path, null, { timeout });
       console.log(__VU, res.status, res.error_code);`,
    );
    expect(result.said.toSorted()).toEqual(['1 0 1050', '2 0 1050', '3 200 0']);
    expect(sockets.size).toBe(2);
  });

  it('are lost only by the iteration that is interrupted', async () => {
    const { base } = await target((request, response) => {
      if (request.url === '/ok') response.end('ok');
    });
    const result = await requests(
      base,
      `{ scenarios: {
           hangs: { executor: 'constant-vus', vus: 1, duration: '300ms', gracefulStop: '0s', env: { AT: '/hang' } },
           goes: { executor: 'per-vu-iterations', vus: 1, iterations: 1, startTime: '100ms', env: { AT: '/ok' } } } }`,
      1,
      `console.log((await http.asyncRequest('GET', __ENV.BASE + __ENV.AT)).status);`,
    );
    expect(result.said).toEqual(['200']);
    expect(result.iterations).toMatchObject({ completed: 1, interrupted: 1 });
  });

  it.each(['noConnectionReuse', 'noVUConnectionReuse'])('are refused together with %s', async (option) => {
    const result = await requests('http://127.0.0.1:1', `{ ${option}: true }`, 4);
    expect(result).toMatchObject({
      exit: 'invalid_configuration',
      reason: `shared connections and options.${option} cannot be combined; leave out --shared-connections or the option`,
    });
  });
});
