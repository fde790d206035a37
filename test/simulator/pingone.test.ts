import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { SimulatorSettings } from '../../simulator/settings.ts';
import { on } from './stage.ts';
import type { Stage } from './stage.ts';

const PINGONE = { pingoneWorkers: 1, pingoneMs: 0.01 } as const;
/** Nobody is answered in a millisecond. */
const STUCK = { ...PINGONE, pingoneMs: 60_000, pingoneTimeoutMs: 20 } as const;

/** The flow after the payload of the phone that is paired, and what PingOne was asked. */
async function authenticated(simulator: Stage, username = 'mobile') {
  const player = simulator.player();
  await player.signIn(username);
  const reply = await player.act('authenticate', {});
  return { player, reply, calls: await callsOf(simulator) };
}

async function callsOf(simulator: Stage): Promise<Record<string, number>> {
  const text = (await simulator.inject({ url: '/metrics' })).body;
  const lines = text.matchAll(/^pairstorm_simulator_pingone_calls\{result="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, result, calls]) => [result!, Number(calls)]));
}

describe('PingOne behind the adapter', () => {
  it('serves what it can: the flow goes on as without it', () =>
    on(PINGONE, async (simulator) => {
      const { reply, calls } = await authenticated(simulator);
      expect(reply.flow.status).toBe('PUSH_CONFIRMATION_WAITING');
      expect(calls).toEqual({ answered: 1, PINGONE_TIMEOUT: 0, PINGONE_RATE_LIMITED: 0 });
    }));

  it('that does not answer in time lets users in, in bypass mode, with the value that says so', () =>
    on(STUCK, async (simulator) => {
      const { player, reply, calls } = await authenticated(simulator);
      expect([reply.http, reply.flow.status]).toEqual([200, 'MFA_COMPLETED']);
      expect(calls).toMatchObject({ PINGONE_TIMEOUT: 1 });
      await player.act('continueAuthentication');
      const counts = (await simulator.inject({ url: '/admin/counts' })).json<{ completed: object }>();
      expect(counts.completed).toEqual({ web_login_no_devices: 1 });
    }));

  it('ends the flow in block mode, and says why', () =>
    on({ ...STUCK, serviceUnavailable: 'block' }, async (simulator) => {
      const { reply } = await authenticated(simulator);
      expect(reply.flow).toMatchObject({ status: 'MFA_FAILED', code: 'PINGONE_TIMEOUT' });
    }));

  it('that refuses by its rate limit is not there, either', () =>
    on({ ...PINGONE, pingoneRateLimit: 1, serviceUnavailable: 'block' }, async (simulator) => {
      await authenticated(simulator);
      const { reply, calls } = await authenticated(simulator);
      expect(reply.flow).toMatchObject({ status: 'MFA_FAILED', code: 'PINGONE_RATE_LIMITED' });
      expect(calls).toMatchObject({ answered: 1, PINGONE_RATE_LIMITED: 1 });
    }));

  it('is waited for on a connection of the pool, which a request that was given up leaves', () =>
    on({ ...STUCK, pingonePool: 1, pingoneTimeoutMs: 60, serviceUnavailable: 'block' }, async (simulator) => {
      const both = await Promise.all([authenticated(simulator), authenticated(simulator, 'sms')]);
      expect(both.map(({ reply }) => reply.flow.code)).toEqual(['PINGONE_TIMEOUT', 'PINGONE_TIMEOUT']);
      expect((await authenticated(simulator)).reply.flow.code).toBe('PINGONE_TIMEOUT');
    }));

  it('is not asked by a first factor or a cancel', () =>
    on(STUCK, async (simulator) => {
      const player = simulator.player();
      await player.signIn('mobile');
      await player.act('cancelAuthentication');
      expect(await callsOf(simulator)).toMatchObject({ answered: 0, PINGONE_TIMEOUT: 0 });
    }));

  it.each<[Partial<SimulatorSettings>, RegExp]>([
    [{ pingoneMs: 5 }, /pingoneMs has no effect; it needs pingoneWorkers above 0/],
    [{ serviceUnavailable: 'block' }, /serviceUnavailable has no effect/],
    [{ acceptQueue: 5 }, /acceptQueue has no effect; it needs workers above 0/],
    [{ besideRequest: 'ignored' }, /besideRequest has no effect; it needs a requestKeyFile/],
    [{ requestKeyFile: '/nowhere/key.pem' }, /requestKeyFile \/nowhere\/key\.pem: it cannot be read/],
  ])('%o alone is refused', async (settings, why) => {
    await expect(on(settings, () => Promise.resolve())).rejects.toThrow(why);
  });
});

describe('A full accept queue', () => {
  it('closes new connections, while those that stand are served', () =>
    on({ workers: 1, acceptQueue: 2, latency: 'on', latencyMs: 1_500, latencyShape: 'fixed' }, async (simulator) => {
      const start = '/as/authorization.oauth2?client_id=pairstorm&response_type=code&response_mode=pi.flow';
      // One is served, two wait: the queue is full.
      const waiting = [1, 2, 3].map(() => fetch(simulator.url + start));
      while (!/^pairstorm_simulator_queue_length 2$/m.test((await simulator.inject({ url: '/metrics' })).body))
        await pause();
      const socket: Socket = connect(simulator.port, '127.0.0.1');
      const ended = await new Promise<string>((resolve) => {
        socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
        socket.once('close', () => resolve('closed'));
      });
      expect(['ECONNRESET', 'closed']).toContain(ended);
      expect((await simulator.inject({ url: '/metrics' })).body).toMatch(/connections_refused_total [1-9]/);
      expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200, 200]);
    }));
});

const pause = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 10));
