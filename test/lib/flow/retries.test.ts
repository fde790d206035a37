import { ofStep, selector } from '../../../contract/selector.ts';
import { pauseBeforeRetry } from '../../../lib/flow/retry.ts';
import type { HttpAnswer } from '../../../lib/json-object.ts';
import { readSettings } from '../../../lib/settings.ts';
import { askedFor, inventoryOf, meet } from './hostile-stage.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/** A server whose flow ends in a cancelled one; `disturb` may answer instead, given the number of the request of its kind. */
function answers(disturb: (path: string, nth: number, response: ServerResponse, request: IncomingMessage) => boolean): {
  readonly serve: Serve;
  readonly seen: Map<string, number>;
} {
  const seen = new Map<string, number>();
  const serve: Serve = (request, response) => {
    const path = askedFor(request);
    const nth = (seen.get(path) ?? 0) + 1;
    seen.set(path, nth);
    if (disturb(path, nth, response, request)) return;
    const status = path === 'start' ? 'AUTHENTICATION_REQUIRED' : path === 'authenticate' ? 'MFA_FAILED' : 'FAILED';
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: 'abc12', status, _links: { cancelAuthentication: { href: 'x' } } }));
  };
  return { serve, seen };
}

const say = (response: ServerResponse, status: number, code: string, headers: Record<string, string> = {}): true => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ code }));
  return true;
};

const ONE = { FLOWS: '1', VUS: '1', INVENTORY: inventoryOf('F1') };
const SOON = { ...ONE, RETRY_BACKOFF: '1ms' };
const count = (result: Awaited<ReturnType<typeof meet>>['result'], name: string): number =>
  result.summary.metrics[name]?.values['count'] ?? 0;

describe('retries', () => {
  test('by default nothing is repeated: the first error is the flow’s', async () => {
    const { serve, seen } = answers((path, _nth, response) => path === 'start' && say(response, 503, 'X'));
    const { table, result } = await meet(serve, ONE);
    expect(Object.values(table.outcomes)).toEqual([{ http_error: 1 }]);
    expect(seen.get('start')).toBe(1);
    expect(count(result, 'attempts')).toBe(0);
    expect(result.summary.metrics['retry_amplification']!.values).toMatchObject({ count: 1, max: 1 });
  });

  test('a start is repeated until it is answered; each attempt is one sample, the flow is one', async () => {
    const { serve, seen } = answers((path, nth, response, request) => {
      if (path !== 'start' || nth > 2) return false;
      if (nth === 1) request.socket.destroy();
      else say(response, 429, 'REQUEST_LIMITED', { 'retry-after': '1' });
      return true;
    });
    const { table, result } = await meet(serve, { ...SOON, RETRIES_START: '3' });
    expect(seen.get('start')).toBe(3);
    expect(Object.values(table.outcomes)).toEqual([{ mfa_failed: 1 }]);
    expect(table).toMatchObject({ flows: 1, interrupted: 0, unanswered: 0 });
    expect(count(result, 'attempts')).toBe(2);
    // Those that were refused are not latencies.
    expect(count(result, selector('http_req_duration', ofStep('start')))).toBe(1);
    // start, authenticate and cancelAuthentication were meant, two more were sent.
    expect(result.summary.metrics['retry_amplification']!.values['max']).toBeCloseTo(5 / 3, 6);
  });

  test('a date in Retry-After is waited for, where the pause would be shorter', async () => {
    const at: number[] = [];
    const { serve } = answers((path, nth, response) => {
      if (path !== 'start') return false;
      at.push(Date.now());
      // A date has whole seconds, and TIME_SCALE makes a hundredth of them: 590 ms at least.
      const later = new Date(Date.now() + 60_000).toUTCString();
      return nth === 1 && say(response, 429, 'REQUEST_LIMITED', { 'retry-after': later });
    });
    const { table } = await meet(serve, { ...SOON, RETRIES_START: '1' });
    expect(Object.values(table.outcomes)).toEqual([{ mfa_failed: 1 }]);
    expect(at[1]! - at[0]!).toBeGreaterThan(550);
  });

  test('more failures than retries: the flow ends with the last error, once', async () => {
    const { serve, seen } = answers((path, _nth, response) => path === 'start' && say(response, 502, 'BAD'));
    const { table } = await meet(serve, { ...SOON, RETRIES_START: '2' });
    expect(seen.get('start')).toBe(3);
    expect(Object.values(table.outcomes)).toEqual([{ http_error: 1 }]);
  });

  test('authenticate may have sent a push already: it is repeated after 429, not after 503', async () => {
    const limited = answers((path, nth, response) => path === 'authenticate' && nth === 1 && say(response, 429, 'L'));
    await meet(limited.serve, { ...SOON, RETRIES_ACTION: '2' });
    expect(limited.seen.get('authenticate')).toBe(2);
    const broken = answers((path, nth, response) => path === 'authenticate' && nth === 1 && say(response, 503, 'B'));
    const { table } = await meet(broken.serve, { ...SOON, RETRIES_ACTION: '2' });
    expect(broken.seen.get('authenticate')).toBe(1);
    expect(Object.values(table.outcomes)).toEqual([{ http_error: 1 }]);
  });

  test('an action that was performed though its answer got lost is not refused: the flow is read instead', async () => {
    const { serve, seen } = answers((path, nth, response, request) => {
      if (path !== 'cancelAuthentication') return false;
      if (nth === 1) request.socket.destroy();
      else say(response, 400, 'INVALID_ACTION_ID');
      return true;
    });
    const { table } = await meet(serve, { ...SOON, RETRIES_ACTION: '1' });
    expect(seen.get('GET')).toBe(1);
    expect(Object.values(table.outcomes)).toEqual([{ mfa_failed: 1 }]);
  });

  test('a server that never answers is given up after the timeout of the step', async () => {
    const { serve, seen } = answers((path) => path === 'start');
    const { table } = await meet(serve, { ...ONE, TIMEOUT_START: '100ms' });
    expect(seen.get('start')).toBe(1);
    expect(Object.values(table.outcomes)).toEqual([{ http_error: 1 }]);
  });

  test('patience ends a flow that would go on for ever, and waits for no retry', async () => {
    const waiting: Serve = (request, response) => {
      const cancelled = request.headers['content-type']?.includes('cancelAuthentication') === true;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          id: 'abc12',
          status: cancelled ? 'FAILED' : 'PUSH_CONFIRMATION_WAITING',
          _links: { cancelAuthentication: { href: 'x' } },
        }),
      );
    };
    const { table } = await meet(waiting, { ...ONE, FLOW_PATIENCE: '300ms', CLIENT_PROFILE: 'browser' });
    expect(Object.values(table.outcomes)).toEqual([{ timed_out: 1 }]);
  });
});

describe('the pause before a retry', () => {
  const settings = readSettings({ RETRIES_ACTION: '10', RETRY_BACKOFF: '1s', RETRY_BACKOFF_MAX: '8s' }, 'smoke');
  const answered = (status: number, headers: Record<string, string> = {}) =>
    ({ status, headers }) as unknown as HttpAnswer;
  const pause = (attempt: number, res = answered(503), key = 'ada') =>
    pauseBeforeRetry(settings, 'checkUsernamePassword', attempt, res, key)!;

  test('doubles up to the longest, half of it jitter, and is the same for the same user, step and attempt', () => {
    for (const [attempt, most] of [
      [1, 1000],
      [2, 2000],
      [3, 4000],
      [4, 8000],
      [9, 8000],
    ] as const) {
      expect(pause(attempt)).toBeGreaterThanOrEqual(most / 2);
      expect(pause(attempt)).toBeLessThanOrEqual(most);
      expect(pause(attempt)).toBe(pause(attempt));
    }
    expect(pause(1, answered(503), 'bob')).not.toBe(pause(1));
  });

  test.each([
    ['20', 20_000],
    ['0', undefined],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    ['-5', undefined],
  ])('Retry-After: %s is kept where it is longer', (value, ms) => {
    const found = pause(1, answered(429, { 'Retry-After': value }));
    expect(found).toBe(ms ?? pause(1));
  });

  test('Retry-After counts as a date, too', () => {
    const found = pause(1, answered(429, { 'Retry-After': new Date(Date.now() + 20_000).toUTCString() }));
    // A date has whole seconds.
    expect(found).toBeGreaterThan(18_000);
    expect(found).toBeLessThanOrEqual(20_000);
  });

  test.each([
    ['checkOtp', 0, true],
    ['checkOtp', 503, false],
    ['checkOtp', 429, false],
    ['token', 0, false],
    ['token', 503, false],
    ['token', 429, true],
    ['selectDevice', 0, false],
    ['selectDevice', 429, true],
    ['continueAuthentication', 0, true],
    ['continueAuthentication', 500, true],
    ['continueAuthentication', 400, false],
    ['continueAuthentication', 302, false],
  ] as const)('%s after status %i: repeated %s', (step, status, repeated) => {
    expect(pauseBeforeRetry(settings, step, 1, answered(status), 'ada') !== undefined).toBe(repeated);
  });
});
