import { setTimeout as delay } from 'node:timers/promises';
import { draw } from '../contract/draw.ts';
import { stopWaiting } from './push.ts';
import type { Flow } from './model.ts';
import { RateLimit } from './rate-limit.ts';
import type { SimulatorSettings } from './settings.ts';
import { WorkerPool } from './worker-pool.ts';

/** Why the adapter could not use PingOne, as the code of MFA_FAILED. [choice] */
const UNAVAILABLE = {
  PINGONE_TIMEOUT: 'PingOne did not answer in time.',
  PINGONE_RATE_LIMITED: 'PingOne refused the request: too many requests.',
} as const;
export type Unavailable = keyof typeof UNAVAILABLE;

/** Actions for which the adapter asks PingOne. [choice] */
const ASKING: readonly string[] = ['authenticate', 'selectDevice', 'poll', 'checkOtp'];

/** A request of the adapter. `over`: nobody waits for it any more. */
interface Asked {
  over: boolean;
  /** Gives its connection back. */
  release: () => void;
}

/** PingOne as the adapter meets it: a pool of connections to it, a machine of finite strength, a limit on requests. */
export class PingOne {
  /** Calls by result. */
  readonly calls: Record<'answered' | Unavailable, number> = {
    answered: 0,
    PINGONE_TIMEOUT: 0,
    PINGONE_RATE_LIMITED: 0,
  };
  readonly #settings: SimulatorSettings;
  readonly #now: () => number;
  readonly #connections: WorkerPool;
  readonly #workers: WorkerPool;
  readonly #limit: RateLimit | null;
  #drawn = 0;

  constructor(settings: SimulatorSettings, now: () => number) {
    const { pingonePool, pingoneWorkers, pingoneRateLimit } = settings;
    this.#settings = settings;
    this.#now = now;
    this.#connections = new WorkerPool(pingonePool, Infinity);
    this.#workers = new WorkerPool(pingoneWorkers, Infinity);
    this.#limit = pingoneRateLimit > 0 ? new RateLimit(pingoneRateLimit, 1, now()) : null;
  }

  /** One request of the adapter, if the action needs one. Null: PingOne served it. */
  async ask(action: string | null): Promise<Unavailable | null> {
    if (action === null || !ASKING.includes(action)) return null;
    const waiting = new AbortController();
    const late = delay(this.#settings.pingoneTimeoutMs, 'PINGONE_TIMEOUT' as const, { signal: waiting.signal }).catch(
      () => null,
    );
    const request: Asked = { over: false, release: () => undefined };
    const result = await Promise.race([this.#request(request), late]);
    request.over = true;
    request.release();
    waiting.abort();
    this.calls[result ?? 'answered'] += 1;
    return result;
  }

  /** A request that the adapter gave up costs PingOne its time all the same, and its connection is closed. */
  async #request(request: Asked): Promise<Unavailable | null> {
    await this.#connections.enter();
    let held = true;
    request.release = () => {
      if (held) this.#connections.leave();
      held = false;
    };
    try {
      if (request.over) return null;
      if (this.#limit !== null && this.#limit.take('pingfederate', this.#now()).refusal !== null)
        return 'PINGONE_RATE_LIMITED';
      await this.#workers.enter();
      const { seed, pingoneMs } = this.#settings;
      await delay(-pingoneMs * Math.log(1 - draw(seed, 'pingone', this.#drawn++)));
      this.#workers.leave();
      return null;
    } finally {
      request.release();
    }
  }
}

/** The adapter's Service Unavailable Failure Mode: lets the user in without MFA, or blocks the sign-in. [doc] [choice] */
export function failService({ serviceUnavailable }: SimulatorSettings, flow: Flow, why: Unavailable): void {
  stopWaiting(flow);
  if (serviceUnavailable === 'bypass') {
    // "Set when MFA is bypassed for any reason." [doc]
    Object.assign(flow, { status: 'MFA_COMPLETED', result: 'web_login_no_devices', reason: null });
    return;
  }
  Object.assign(flow, { status: 'MFA_FAILED', reason: { code: why, message: UNAVAILABLE[why] } });
}
