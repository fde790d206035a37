import { LIFETIMES } from '../../simulator/wire/lifetimes.ts';
import { ADMIN_PATHS, FAULT_HEADER } from '../../simulator/wire/admin-api.ts';
import type { SimulatorCounts } from '../../simulator/wire/admin-api.ts';
import type { FaultList } from '../../simulator/wire/faults.ts';
import { mutatedRequest } from './mutated-requests.ts';
import type { Known, Wire } from './mutated-requests.ts';
import { stage } from './stage.ts';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Pool } from 'undici';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

/** `npm run fuzz:simulator` sets 100,000. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 500);

/** From so many requests on, the heap is measured: before, it is still warming up. */
const MEASURED_FROM = 20_000;

/** Flows, codes and counts are bounded; this much may be between two measurements for other reasons. */
const HEAP_SLACK_MB = 24;

/** A client that sends more may be disconnected while it still sends. */
const BODY_LIMIT = 64 * 1024;

const USERNAMES = ['new', 'mobile', 'sms', 'totp', 'several', 'locked'];

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapMb(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** An answer, or null where the connection was cut. */
async function send(pool: Pool, { method, path, headers, body }: Wire) {
  try {
    const sent = { method, path, headers, ...(method === 'GET' ? {} : { body }) };
    const answer = await pool.request(sent);
    return { http: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  } catch (error) {
    if (error instanceof Error && (error as NodeJS.ErrnoException).code === 'UND_ERR_INVALID_ARG') throw error;
    return null;
  }
}

/** Whether a fault stands that cuts connections. */
async function isCutting(url: string): Promise<boolean> {
  const { faults } = (await (await fetch(url + ADMIN_PATHS.faults)).json()) as FaultList;
  return faults.some(({ fault }) => ['drop', 'half-answer'].includes(fault.kind));
}

function textIn(json: object, ...path: readonly string[]): string | undefined {
  let value: unknown = json;
  for (const name of path) value = Object(value)[name];
  return typeof value === 'string' ? value : undefined;
}

/** What the client knows after this answer. */
function learn(known: Known, text: string, cookie: string | undefined, n: number): Known {
  let json: object = {};
  try {
    json = Object(JSON.parse(text)) as object;
  } catch {
    // pages and empty bodies teach nothing
  }
  const status = textIn(json, 'status') ?? known.status;
  const gone = textIn(json, 'code') === 'FLOW_NOT_FOUND' || status === 'FAILED' || status === 'COMPLETED';
  return {
    status: gone ? 'gone' : status,
    flowId: gone ? 'gone' : (textIn(json, 'id') ?? known.flowId),
    cookie: cookie ?? known.cookie,
    username: gone ? USERNAMES[n % USERNAMES.length]! : known.username,
    code: textIn(json, 'authorizeResponse', 'code') ?? known.code,
    otp: textIn(json, 'otp') ?? known.otp,
    serverPayload: textIn(json, 'serverPayload') ?? known.serverPayload,
    token: textIn(json, 'access_token') ?? known.token,
  };
}

describe('the simulator', () => {
  it(
    `serves on through ${RUNS} mutated requests: no answer of its own is over 499, no flow is lost, and memory stays`,
    { timeout: 60_000 + RUNS * 20 },
    async () => {
      const simulator = await stage();
      const pool = new Pool(simulator.url, { connections: 1 });
      const unknown = { cookie: '', code: '', otp: '1', serverPayload: '', token: '' };
      let known: Known = { flowId: 'none', status: 'gone', username: 'several', ...unknown };
      const by: Record<string, number> = {};
      let [n, heapBefore] = [0, 0];
      try {
        await fc.assert(
          fc.asyncProperty(mutatedRequest, async (request) => {
            n += 1;
            if (n === MEASURED_FROM) heapBefore = heapMb();
            simulator.pass(n % 100 === 0 ? 500 : 20);
            const wire = request(known);
            const answer = await send(pool, wire);
            if (answer === null) expect(wire.body.length > BODY_LIMIT || (await isCutting(simulator.url))).toBe(true);
            const sort = answer === null ? 'cut' : `${Math.floor(answer.http / 100)}xx`;
            by[sort] = (by[sort] ?? 0) + 1;
            if (answer === null || answer.headers[FAULT_HEADER.toLowerCase()] !== undefined) {
              by['faulty'] = (by['faulty'] ?? 0) + 1;
              return;
            }
            expect(answer.http).toBeLessThan(500);
            if (answer.http >= 400) {
              const json = JSON.parse(answer.text) as Record<string, unknown>;
              expect(json['code'] ?? json['error']).toMatch(/^[A-Za-z_]+$/);
            }
            const cookie = answer.headers['set-cookie'];
            const first = (Array.isArray(cookie) ? cookie[0] : cookie)?.split(';')[0];
            known = learn(known, answer.text, first, n);
          }),
          { numRuns: RUNS },
        );
        if (RUNS > 2 * MEASURED_FROM) {
          simulator.pass(LIFETIMES.flowIdleMs + 1);
          await fetch(simulator.url + ADMIN_PATHS.counts);
          const heapAfter = heapMb();
          console.log(
            `heap: ${heapBefore.toFixed(1)} MB after ${MEASURED_FROM} requests, ${heapAfter.toFixed(1)} MB now`,
          );
          expect(heapAfter - heapBefore).toBeLessThan(HEAP_SLACK_MB);
        }
        if (RUNS > 10_000) console.log(`answers: ${JSON.stringify(by)}`);
        await fetch(simulator.url + ADMIN_PATHS.faults, { method: 'DELETE' });
        const record = (await (await fetch(simulator.url + ADMIN_PATHS.counts)).json()) as SimulatorCounts;
        if (RUNS > 10_000) console.log(`record: ${JSON.stringify({ ...record, faults: {} })}`);
        const ends = [record.completed, record.failed, record.expired, record.forgotten, record.open];
        const sum = ends.flatMap((part) => Object.values(part)).reduce((a, b) => a + b, 0);
        expect(record.starts).toBe(sum);
        const good = simulator.player();
        await good.authenticate('new');
        expect(good.last.status).toBeTypeOf('string');
        expect((await good.act('cancelAuthentication')).http).toBeLessThan(500);
      } finally {
        await pool.close();
        await simulator.close();
      }
    },
  );
});
