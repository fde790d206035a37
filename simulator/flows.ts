import { randomBytes } from 'node:crypto';
import type { AuthorizationRequest, Flow, SimulatedStatus } from './model.ts';
import { timeOutPush } from './push.ts';
import type { Session } from './session.ts';
import type { OAuthClient } from './settings/oauth.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 8;

/** The open flows. A flow that ended or outlived its lifetime is not among them. */
export class Flows {
  readonly #open = new Map<string, Flow>();
  /** A flow without a request for so long is gone, in milliseconds of the simulator's clock. */
  readonly idleMs: number;
  readonly #onExpired: (flow: Flow) => void;

  /** `onExpired` is told of each flow that outlived its lifetime. */
  constructor(idleMs: number, onExpired: (flow: Flow) => void) {
    this.idleMs = idleMs;
    this.#onExpired = onExpired;
  }

  /** An id that no open flow has. */
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

  /** The open flow with this id, in the state that time has brought it to. */
  find(id: string, now: number): Flow | undefined {
    const flow = this.#open.get(id);
    if (flow === undefined || this.#expires(flow, now)) return undefined;
    timeOutPush(flow, now);
    return flow;
  }

  /** Forgets a flow that has ended. */
  drop(flow: Flow): void {
    this.#open.delete(flow.id);
    if (flow.selected?.waiting === flow) flow.selected.waiting = null;
  }

  /** Drops what has outlived its lifetime and lets pushes time out. */
  sweep(now: number): void {
    for (const flow of this.#open.values()) {
      if (!this.#expires(flow, now)) timeOutPush(flow, now);
    }
  }

  /** Forgets all flows, without counting them. */
  clear(): void {
    for (const flow of this.#open.values()) this.drop(flow);
  }

  /** The open flows; those that expired or timed out since the last sweep are not told apart. */
  open(): readonly Flow[] {
    return [...this.#open.values()];
  }

  get size(): number {
    return this.#open.size;
  }

  /** How many flows are open, by status. */
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

/** A flow before its first factor. */
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
