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

describe('an error while a client waits for a push', () => {
  test.each([
    ['android', 'poll', 429, json(429, { code: 'REQUEST_LIMITED' })],
    ['android', 'poll', 403, json(403, { code: 'REQUEST_FAILED' })],
    ['android', 'poll', 503, html(503)],
    ['ios', 'poll', 503, json(503, {})],
    ['browser', 'GET', 503, html(503)],
    ['browser', 'GET', 502, html(502)],
  ] as const)('%s, by %s: %d hangs it for ever: it sends nothing more, and the flow is abandoned', async (...row) => {
    const [profile, by, status, answer] = row;
    const { serve, seen } = pushing((nth) => (nth === 1 ? state('PUSH_CONFIRMATION_WAITING') : answer));
    const played = await meet(serve, one({ CLIENT_PROFILE: profile }));
    expect(outcomes(played)).toEqual([{ abandoned: 1 }]);
    expect(seen).toMatchObject({ start: 1, [by]: 2 });
    expect(seen['cancelAuthentication']).toBeUndefined();
    expect(played.lines.join()).toMatch(/the app hung on (REQUEST_\w+|HTTP \d+[\w ]*) while it waited for the push/);
    expect(played.lines.join()).toContain(`"http":${status}`);
    // A flow that hangs is none that its user left.
    expect(values(played, 'outcome_mismatch')).toMatchObject({ passes: 1 });
    expect(values(played, 'storm_duration')['count'] ?? 0).toBe(0);
  });

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
