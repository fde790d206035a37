import { randomBytes } from 'node:crypto';
import type { AuthorizationRequest, Flow, SimulatedStatus } from './model.ts';
import { timeOutPush } from './push.ts';
import type { Session } from './session.ts';
import type { OAuthClient } from './settings/oauth.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 8;

/** Flows that have neither ended nor expired. */
export class Flows {
  readonly #open = new Map<string, Flow>();
  /** Idle time after which a flow expires, in milliseconds of the simulator's clock. */
  readonly idleMs: number;
  readonly #onExpired: (flow: Flow) => void;

  /** `onExpired` is called for each expired flow. */
  constructor(idleMs: number, onExpired: (flow: Flow) => void) {
    this.idleMs = idleMs;
    this.#onExpired = onExpired;
  }

  newId(): string {
    for (;;) {
      let id = '';
      for (const byte of randomBytes(ID_LENGTH)) id += ALPHABET.charAt(byte % ALPHABET.length);
      if (!this.#open.has(id)) return id;
    }
  }

  add(flow: Flow): void {
    this.#open.set(flow.id, flow);
  }

  /** The open flow with this id, with time-outs applied. */
  find(id: string, now: number): Flow | undefined {
    const flow = this.#open.get(id);
    if (flow === undefined || this.#expires(flow, now)) return undefined;
    timeOutPush(flow, now);
    return flow;
  }

  /** Removes a finished flow. */
  drop(flow: Flow): void {
    this.#open.delete(flow.id);
    if (flow.selected?.waiting === flow) flow.selected.waiting = null;
  }

  /** Removes expired flows and applies push time-outs. */
  sweep(now: number): void {
    for (const flow of this.#open.values()) {
      if (!this.#expires(flow, now)) timeOutPush(flow, now);
    }
  }

  /** Removes all flows without counting them. */
  clear(): void {
    for (const flow of this.#open.values()) this.drop(flow);
  }

  /** All open flows, possibly including some that have expired since the last sweep. */
  open(): readonly Flow[] {
    return [...this.#open.values()];
  }

  get size(): number {
    return this.#open.size;
  }

  /** Number of open flows by status. */
  byStatus(): Partial<Record<SimulatedStatus, number>> {
    const counts: Partial<Record<SimulatedStatus, number>> = {};
    for (const { status } of this.#open.values()) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }

  #expires(flow: Flow, now: number): boolean {
    if (now - flow.lastSeenAt <= this.idleMs) return false;
    timeOutPush(flow, flow.lastSeenAt + this.idleMs);
    this.drop(flow);
    this.#onExpired(flow);
    return true;
  }
}

export function newFlow(
  id: string,
  client: OAuthClient,
  request: AuthorizationRequest,
  session: Session,
  now: number,
): Flow {
  return {
    id,
    client,
    request,
    session,
    status: 'USERNAME_PASSWORD_REQUIRED', // until beginFirstFactor
    stop: null,
    ahead: [],
    lastSeenAt: now,
    claimedName: request.loginHint,
    account: null,
    phone: null,
    selected: null,
    pushExpiresAt: 0,
    pollableUntil: -Infinity,
    sentCode: null,
    codesSent: 0,
    wrongCodes: new Map(),
    pairing: null,
    reason: null,
    result: null,
    code: null,
  };
}
