import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import type { Inventory, InventoryUser } from '../../../contract/inventory.ts';
import { CLIENT_PROFILES } from '../../../protocol/client-profiles.ts';
import type { ClientProfileName } from '../../../protocol/client-profiles.ts';
import { makeInventory } from '../../../population/inventory.ts';
import { askedFor } from './hostile-stage.ts';
import { play } from './stage.ts';

/**
 * How often each client asks, at TIME_SCALE 1, as the simulator's own server sees it (protocol.md section 6). Half a minute of waiting,
 * and judged by the clock: `npm run check:cadence`.
 */
const CLIENTS = Object.keys(CLIENT_PROFILES) as ClientProfileName[];
const drawn = makeInventory({ users: 200, seed: 21, version: 'test' });
const waiter = drawn.users.find(({ kind, behaviour }) => kind === 'F10' && behaviour.push?.decision === 'approve')!;
const known = drawn.users.filter(({ kind, behaviour }) => kind === 'F10' && behaviour.push?.decision === 'approve');

/** A request as the simulator's server met it; Unix milliseconds. */
interface Met {
  readonly client: ClientProfileName;
  readonly asked: string;
  readonly at: number;
  answeredAt: number;
  status: number;
}

const log: Met[] = [];
const open = new Map<IncomingMessage, Met>();
const clientOf = (agent: string): ClientProfileName | undefined =>
  CLIENTS.find((name) => agent === `${CLIENT_PROFILES[name].userAgent} pairstorm`);
const onStart = (message: unknown): void => {
  const { request } = message as { request: IncomingMessage };
  const client = clientOf(request.headers['user-agent'] ?? '');
  if (client === undefined) return;
  const met: Met = { client, asked: askedFor(request), at: Date.now(), answeredAt: 0, status: 0 };
  log.push(met);
  open.set(request, met);
};
const onFinish = (message: unknown): void => {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
  const met = open.get(request);
  if (met !== undefined) Object.assign(met, { answeredAt: Date.now(), status: response.statusCode });
  open.delete(request);
};
subscribe('http.server.request.start', onStart);
subscribe('http.server.response.finish', onFinish);
afterAll(() => {
  unsubscribe('http.server.request.start', onStart);
  unsubscribe('http.server.response.finish', onFinish);
});

/** One user of each client, who behaves so. */
function crowd(behaviourOf: (client: ClientProfileName) => Partial<InventoryUser['behaviour']>): Inventory {
  const users = CLIENTS.map((profile, at) => ({
    ...known[at]!,
    behaviour: { ...waiter.behaviour, profile, ...behaviourOf(profile) },
  }));
  return { ...drawn, users };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const REAL_TIME = { TIME_SCALE: '1', VUS: '3' };
const PUSH_LIVES = { timeScale: 1, pushMs: 60_000 };

/** What a client sent from the state on, in which it waits. */
function wait(client: ClientProfileName): readonly Met[] {
  const own = log.filter((met) => met.client === client);
  return own.slice(own.findIndex(({ asked }) => asked === 'authenticate'));
}

/** From each answer to the next request, in milliseconds. */
const pausesOf = (met: readonly Met[]): number[] => met.slice(1).map(({ at }, nth) => at - met[nth]!.answeredAt);

describe.runIf(process.env['CADENCE'] !== undefined)('cadence, as the simulator sees it', () => {
  test('each client polls, and gives up, as it was measured', { timeout: 120_000 }, async () => {
    const push = { decision: 'ignore', afterMs: 0 } as const;
    const decides = { decision: 'approve', afterMs: 20_500 } as const;
    await play(
      crowd((client) => ({ push: client === 'browser' ? decides : push, afterTimeout: 'cancel' })),
      REAL_TIME,
      PUSH_LIVES,
      undefined,
      // A machine that was late plays once more: what counts is what came last.
      () => (log.length = 0),
    );
    const figures: Record<string, unknown> = {};
    for (const client of CLIENTS) {
      const [shown, ...met] = wait(client);
      const polls = met.filter(({ asked }) => asked === (client === 'browser' ? 'GET' : 'poll'));
      const pauses = client === 'ios' ? polls.slice(1).map(({ at }, nth) => at - polls[nth]!.at) : pausesOf(polls);
      const last = met.find(({ asked }) => asked.endsWith('Authentication'))!;
      figures[client] = {
        first: polls[0]!.at - shown!.answeredAt,
        then: median(client === 'browser' ? pauses.slice(0, -1) : pauses),
        from: Math.min(...pauses),
        to: Math.max(...pauses),
        polls: polls.length,
        [last.asked]: last.at - shown!.answeredAt,
        ...(client === 'browser' && {
          again: pauses.at(-1),
          continues: last.at - polls.at(-1)!.answeredAt,
          others: met.filter(({ asked }) => asked === 'poll').length,
        }),
      };
    }
    console.log(figures);
    const about = (ms: number, give = 50): unknown => expect.toSatisfy((found: number) => Math.abs(found - ms) <= give);
    expect(figures).toMatchObject({
      android: { first: about(1000), then: about(2030), polls: 15, cancelAuthentication: about(30_400, 700) },
      ios: { first: about(1000), then: about(1000), polls: 16, cancelAuthentication: about(17_000, 500) },
      // At once, a second after each answer until 20.5 s, and once more when the decision shows.
      browser: {
        first: about(15, 150),
        then: about(1000),
        polls: 23,
        again: about(0),
        continues: about(1000),
        others: 0,
      },
    });
  });

  test(
    '429 for four seconds: a browser asks hundreds of times, up to its cap; a mobile client never again',
    { timeout: 60_000 },
    async () => {
      let [from, until] = [0, 0];
      let url = '';
      const overload = async (): Promise<void> => {
        await pause(5_000);
        const fault = { name: 'overload', kind: 'status', status: 429, body: 'json', steps: ['poll', 'readFlow'] };
        await fetch(`${url}/admin/faults`, { method: 'PUT', body: JSON.stringify([fault]) });
        from = Date.now();
        await pause(4_000);
        await fetch(`${url}/admin/faults`, { method: 'DELETE' });
        until = Date.now();
      };
      let over: Promise<void> | undefined;
      const { table } = await play(
        crowd(() => ({ push: { decision: 'approve', afterMs: 10_000 } })),
        REAL_TIME,
        PUSH_LIVES,
        undefined,
        (at) => {
          log.length = 0;
          url = at;
          over = overload();
        },
      );
      await over;
      const during = Object.fromEntries(
        CLIENTS.map((client) => {
          const errors = log.filter((met) => met.client === client && met.status === 429);
          const after = log.filter((met) => met.client === client && errors[0] !== undefined && met.at > errors[0].at);
          return [client, { errors: errors.length, after: after.length }];
        }),
      );
      console.log({ during, outcomes: table.outcomes, ms: until - from });
      expect(during).toMatchObject({ android: { errors: 1, after: 0 }, ios: { errors: 1, after: 0 } });
      expect(during['browser']!.errors).toBeGreaterThan(200);
      expect(during['browser']!.errors).toBeLessThanOrEqual(2 + (until - from) / 10);
      expect(Object.values(table.outcomes)).toEqual([{ abandoned: 2, authenticated: 1 }]);
    },
  );
});
