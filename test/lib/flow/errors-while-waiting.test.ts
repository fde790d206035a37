import type { IncomingMessage, ServerResponse } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { encodeInventory } from '../../../contract/inventory.ts';
import { makeInventory } from '../../../population/inventory.ts';
import { askedFor, json, meet } from './hostile-stage.ts';
import type { Answer } from './hostile-stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'pairstorm-waiting-'));
afterAll(() => rmSync(folder, { recursive: true }));
const drawn = makeInventory({ users: 200, seed: 21, version: 'test' });
const waiter = drawn.users.find(({ kind, behaviour }) => kind === 'F10' && behaviour.push?.decision === 'approve')!;

/** An inventory of so many users who wait for a push. */
function waiting(count: number): string {
  const file = join(folder, `${count}.json`);
  const users = Array.from({ length: count }, (_, at) => ({ ...waiter, username: `${waiter.username}-${at}` }));
  writeFileSync(file, encodeInventory({ ...drawn, users }));
  return file;
}

const state = (status: string) =>
  json(200, { id: 'abc12', status, selectedDeviceRef: { id: 'd' }, _links: { cancelAuthentication: { href: 'x' } } });
const html =
  (status: number): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html' });
    response.end('<html>Service Unavailable</html>');
  };

/** A push is shown at once; how a poll or a read is answered is the test's. Counts what came. */
function pushing(whileWaiting: (nth: number) => Answer) {
  const seen: Record<string, number> = {};
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const asked =
      request.url!.startsWith('/phone/') || request.url!.startsWith('/as/token') ? 'other' : askedFor(request);
    const nth = (seen[asked] = (seen[asked] ?? 0) + 1);
    if (asked === 'start') state('PUSH_CONFIRMATION_WAITING')(request, response);
    else if (asked === 'poll' || asked === 'GET') whileWaiting(nth)(request, response);
    else state('FAILED')(request, response);
  };
  return { serve, seen };
}

const one = (env: Record<string, string>) => ({ FLOWS: '1', VUS: '1', INVENTORY: waiting(1), ...env });
const values = ({ result }: Awaited<ReturnType<typeof meet>>, metric: string): Readonly<Record<string, number>> =>
  result.summary.metrics[metric]?.values ?? {};
const outcomes = ({ table }: Awaited<ReturnType<typeof meet>>): unknown => Object.values(table.outcomes);

/** What an overloaded deployment may say, by the number of the flow that hears it. */
const ERRORS = [403, 429, 503].flatMap((status) => [
  { status, form: 'JSON', answer: json(status, { code: 'REQUEST_LIMITED' }) },
  { status, form: 'HTML', answer: html(status) },
]);

/** Each flow is shown a push, which still waits at the first look; from the second on it hears an error of its own. */
function erring() {
  const flows = ERRORS.map(() => ({ looks: 0, cancelled: false }));
  const waits = (at: number): Answer =>
    json(200, {
      id: `flow${at}`,
      status: 'PUSH_CONFIRMATION_WAITING',
      _links: { cancelAuthentication: { href: 'x' } },
    });
  let started = 0;
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const asked = askedFor(request);
    const at = asked === 'start' ? started++ : Number(/flow(\d)/.exec(request.url!)![1]);
    const flow = flows[at]!;
    if (asked === 'cancelAuthentication') flow.cancelled = true;
    const shown = asked === 'start' || ++flow.looks === 1;
    (shown ? waits(at) : ERRORS[at]!.answer)(request, response);
  };
  return { serve, flows };
}

describe('an error while a client waits for a push', () => {
  test.each(['android', 'ios', 'browser'] as const)(
    '%s: 403, 429 and 503, JSON and HTML, each do to it what they did where it was measured; each flow is abandoned',
    async (profile) => {
      const { serve, flows } = erring();
      const count = String(ERRORS.length);
      const env = { FLOWS: count, VUS: count, INVENTORY: waiting(ERRORS.length), FLOW_PATIENCE: '1s' };
      const played = await meet(serve, { ...env, CLIENT_PROFILE: profile });
      expect(outcomes(played)).toEqual([{ abandoned: ERRORS.length }]);
      // A flow that hangs is none that its user left.
      expect(values(played, 'outcome_mismatch')).toMatchObject({ passes: ERRORS.length });
      const storms = ERRORS.filter(({ form }) => profile === 'browser' && form === 'JSON');
      expect(values(played, 'storm_duration')['count'] ?? 0).toBe(storms.length);
      const told = played.lines.join('\n');
      for (const [at, error] of ERRORS.entries()) {
        const { looks, cancelled } = flows[at]!;
        const line = `${profile}, ${error.status} as ${error.form}`;
        expect(cancelled, line).toBe(false);
        // A poll by the timer may be on its way when the error arrives.
        if (storms.includes(error)) expect(looks, line).toBeGreaterThan(5);
        else expect(looks - 2, line).toBeLessThanOrEqual(profile === 'ios' ? 1 : 0);
        expect(looks, line).toBeGreaterThanOrEqual(2);
      }
      const hung = /the app hung on (REQUEST_\w+|HTTP \d+[\w ]*) while it waited for the push/g;
      expect(told.match(hung)).toHaveLength(ERRORS.length - storms.length);
      for (const { status } of ERRORS) expect(told).toContain(`"http":${status}`);
    },
  );

  test('a browser asks again at once for as long as the errors are JSON; then it waits on as before', async () => {
    let from = 0;
    let until = 0;
    const { serve, seen } = pushing((nth) => {
      if (nth === 1) from = Date.now();
      until = Date.now();
      return until < from + 600 ? json(429, { code: 'REQUEST_LIMITED' }) : state('PUSH_CONFIRMATION_REJECTED');
    });
    const played = await meet(serve, one({ CLIENT_PROFILE: 'browser', TIME_SCALE: '1' }));
    const repeats = values(played, 'http_reqs')['count']!;
    expect(seen['GET']).toBeGreaterThan(5);
    // The cap of 100 a second, whatever the clock of TIME_SCALE; the last read is that which follows each decision.
    expect(seen['GET']).toBeLessThanOrEqual(2 + 2 + (until - from) / 10);
    expect(repeats).toBeGreaterThan(seen['GET']!);
    expect(outcomes(played)).toEqual([{ denied: 1 }]);
    // One poll failed; what came after it is no poll.
    expect(values(played, 'poll_error_rate')).toMatchObject({ passes: 1, fails: 0 });
    expect(values(played, 'http_req_failed{name:poll,peer:pf}')).toMatchObject({ passes: 1, fails: 0 });
    expect(values(played, 'http_req_failed{peer:pf}')['passes']).toBe(1);
    expect(values(played, 'polls_per_flow')).toMatchObject({ count: 1, max: 1 });
    expect(values(played, 'storm_duration')).toMatchObject({ count: 1 });
    expect(values(played, 'retry_amplification')['max']).toBeGreaterThan(2);
  });

  test.each([
    ['each user', { STORM_MAX_PER_USER: '20' }, 20 * 4],
    ['the run, by shares of those at work', { STORM_MAX: '40' }, 40],
  ])(
    'a target that never recovers gets no more than the cap of %s, until FLOW_PATIENCE is over',
    async (_whose, env, cap) => {
      let [from, until] = [0, 0];
      const { serve, seen } = pushing(() => {
        from ||= Date.now();
        until = Date.now();
        return json(503, { code: 'UNEXPECTED_ERROR' });
      });
      const played = await meet(serve, {
        ...{ FLOWS: '4', VUS: '4', INVENTORY: waiting(4), CLIENT_PROFILE: 'browser', FLOW_PATIENCE: '1s', ...env },
      });
      expect(outcomes(played)).toEqual([{ abandoned: 4 }]);
      expect(seen['GET']).toBeGreaterThan(4);
      // The poll that failed and the repeat at once, of each; and what the cap lets through.
      expect(seen['GET']).toBeLessThanOrEqual(4 * 2 + (cap * (until - from)) / 1000);
      expect(seen['cancelAuthentication']).toBeUndefined();
      expect(played.lines.join()).toContain(
        'out of patience (FLOW_PATIENCE), asking again after each UNEXPECTED_ERROR',
      );
      expect(values(played, 'storm_duration')).toMatchObject({ count: 4 });
    },
  );

  test.each(['android', 'ios', 'browser'])(
    '%s, by RETRIES_POLL: another app, which tries again and then ends',
    async (profile) => {
      const { serve, seen } = pushing(() => json(503, { code: 'UNEXPECTED_ERROR' }));
      const played = await meet(serve, one({ CLIENT_PROFILE: profile, RETRIES_POLL: '2', RETRY_BACKOFF: '1ms' }));
      expect(outcomes(played)).toEqual([{ http_error: 1 }]);
      expect(seen[profile === 'browser' ? 'GET' : 'poll']).toBe(3);
    },
  );

  test('no answer at all was not measured: the flow ends by it, as at any other step', async () => {
    const { serve } = pushing(() => (request) => void request.socket.destroy());
    expect(outcomes(await meet(serve, one({ CLIENT_PROFILE: 'android' })))).toEqual([{ http_error: 1 }]);
  });
});
