import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import { Deadline } from '../../engine/deadline.ts';
import { dispatcherTo } from '../../engine/http/proxied-dispatcher.ts';
import { proxyChoice } from '../../engine/http/proxy.ts';
import type { ClockAhead } from '../../record/run-part.ts';
import { proxiesOf } from '../proxy-environment.ts';

/** A `Date` header says the second only: requests this far apart meet its edges. */
const REQUESTS = 8;
const APART_MS = 130;
const SECOND_MS = 1_000;
const TIMEOUT_MS = 3_000;

/** Where the clock of a target is read. */
export interface ClockPlace {
  /** Base URL of PingFederate. */
  readonly target: string;
  /** Whether its certificate is checked. */
  readonly verify: boolean;
}

/**
 * How far the clock of this machine is ahead of the target's, by the `Date` headers of a few requests (RFC 9110, 6.6.1:
 * the time of the answer, without its fraction of a second). At time t here, an answer dated D was made between D and
 * D + 1 s there; each request bounds the difference from both sides. Undefined: nothing is known. No request begins after
 * `untilMs` (Unix).
 */
export async function clockAhead({ target, verify }: ClockPlace, untilMs = Infinity): Promise<ClockAhead | undefined> {
  const url = `${target.replace(/\/$/, '')}/pf/heartbeat.ping`;
  const dispatcher = dispatcherTo(url, proxyChoice(proxiesOf(process.env)), { rejectUnauthorized: verify });
  let [fromMs, toMs] = [-Infinity, Infinity];
  try {
    for (let sent = 0; sent < REQUESTS && Date.now() < untilMs; sent++) {
      if (sent > 0) await delay(APART_MS);
      const before = Date.now();
      const dated = await dateOf(url, dispatcher);
      if (Number.isNaN(dated)) return undefined;
      fromMs = Math.max(fromMs, before - dated - SECOND_MS);
      toMs = Math.min(toMs, Date.now() - dated);
    }
  } catch {
    return undefined;
  } finally {
    await dispatcher.destroy();
  }
  if (!Number.isFinite(fromMs)) return undefined;
  // Servers renew the header by a timer, and several nodes have several clocks: then the bounds may cross.
  return { fromMs: Math.min(fromMs, toMs), toMs: Math.max(fromMs, toMs) };
}

async function dateOf(url: string, dispatcher: ReturnType<typeof dispatcherTo>): Promise<number> {
  const deadline = new Deadline(TIMEOUT_MS);
  try {
    const { headers, body } = await request(url, { signal: deadline.signal, dispatcher });
    await body.dump();
    return Date.parse(String(headers['date']));
  } finally {
    deadline.clear();
  }
}

/** `0.1 s ahead of the target's, ± 0.1 s`. */
export function aheadWords({ fromMs, toMs }: ClockAhead): string {
  const seconds = (ms: number): string => (Math.abs(ms) / 1_000).toFixed(1);
  const mid = (fromMs + toMs) / 2;
  return `${seconds(mid)} s ${mid < 0 ? 'behind' : 'ahead of'} the target's, ± ${seconds((toMs - fromMs) / 2)} s`;
}
