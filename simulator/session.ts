import { randomUUID } from 'node:crypto';
import { COOKIELESS, SESSION_COOKIE } from '../protocol/transport.ts';
import type { Call } from './call.ts';
import type { OAuthClient } from './settings/oauth.ts';

/**
 * The session of a flow. Its values are numbered. Those from `since` on open it: the one that the last request answered with 200
 * handed out, and what errors have handed out after it. Android reads cookies of 200 answers only. [measured] [choice]
 */
export interface Session {
  readonly id: string;
  since: number;
  current: number;
  /** Values that a poll, a read or a selection has superseded lately. */
  readonly superseded: { readonly n: number; readonly at: number }[];
}

/**
 * Overlapping polls (the iOS profile) carry the same value, and so do the two selections of one click (the widget). A poll, read or
 * selection may present a value that another of them superseded while it was on its way: so long before it arrived, in real
 * milliseconds, at most. [measured] [choice]
 */
export const OVERLAP_MS = 500;

/** Superseded values that are remembered. */
const REMEMBERED = 8;

/** A session with a fresh value. */
export function newSession(): Session {
  return { id: randomUUID(), since: 0, current: 0, superseded: [] };
}

/** The value that the session hands out now. */
export function valueOf({ id, current }: Pick<Session, 'id' | 'current'>): string {
  return `${id}-${current}`;
}

/** The session value that a call presents, by cookie or by header; undefined if none. */
export function presentedValue(call: Call, client: OAuthClient): string | undefined {
  if (!client.cookieless) return cookieOf(call.headers.cookie ?? '');
  const header = call.headers[COOKIELESS.header.toLowerCase()];
  return typeof header === 'string' ? header : undefined;
}

/** Number of a value of this session; -1: it is none. */
function numberOf({ id }: Session, value: string): number {
  const n = Number(value.slice(id.length + 1));
  return value === valueOf({ id, current: n }) ? n : -1;
}

/**
 * Whether the value opens the session. `overlaps`: the call is a poll, a read or a selection. A superseded value opens it for
 * those only, and only if it was good not long before the call arrived.
 */
export function opens(session: Session, value: string, overlaps: boolean, arrivedAt: number): boolean {
  const n = numberOf(session, value);
  if (n >= session.since && n <= session.current) return true;
  return overlaps && session.superseded.some((old) => old.n === n && old.at >= arrivedAt - OVERLAP_MS);
}

/**
 * Gives the session a new value for the answer to a call that presented this one. A call with a superseded value gets the current
 * one again: otherwise the later of two overlapping answers would invalidate what the client took from the other.
 */
export function renew(session: Session, presented: string, overlaps: boolean, now: number): void {
  const n = numberOf(session, presented);
  if (n < session.since) return;
  if (overlaps) {
    session.superseded.push({ n, at: now });
    if (session.superseded.length > REMEMBERED) session.superseded.shift();
  }
  session.current += 1;
}

/** The answer is a 200: what was handed out before it opens the session no longer. */
export function settle(session: Session): void {
  session.since = session.current;
}

/** `Set-Cookie` of the session. `Secure` only over TLS, where a client would otherwise not send it back. */
export function sessionCookie(session: Session, tls: boolean): string {
  return `${SESSION_COOKIE}=${valueOf(session)}; Path=/; HttpOnly${tls ? '; Secure; SameSite=None' : ''}`;
}

const PREFIX = `${SESSION_COOKIE}=`;

function cookieOf(header: string): string | undefined {
  for (const part of header.split(';')) {
    const pair = part.trim();
    if (pair.startsWith(PREFIX)) return pair.slice(PREFIX.length);
  }
  return undefined;
}
