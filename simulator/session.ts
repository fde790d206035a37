import { randomUUID } from 'node:crypto';
import { COOKIELESS, SESSION_COOKIE } from '../protocol/transport.ts';
import type { Call } from './call.ts';
import type { OAuthClient } from './settings/oauth.ts';

/**
 * The session of a flow. Its values are numbered; those from `since` on are valid: the one handed out by the last 200
 * response, and those of errors since then, because Android reads cookies of 200 responses only. [measured] [choice]
 */
export interface Session {
  readonly id: string;
  since: number;
  current: number;
  /** Values recently superseded by a poll, a read or a selection. */
  readonly superseded: { readonly n: number; readonly at: number }[];
}

/**
 * Overlapping polls (the iOS profile) carry the same value, and so do the two selections of one click (the widget). A
 * poll, read or selection may use a value that another one superseded at most this long before it arrived, in real
 * milliseconds. [measured] [choice]
 */
export const OVERLAP_MS = 500;

const REMEMBERED = 8;

export function newSession(): Session {
  return { id: randomUUID(), since: 0, current: 0, superseded: [] };
}

/** The value handed out now. */
export function stateValue({ id, current }: Pick<Session, 'id' | 'current'>): string {
  return `${id}-${current}`;
}

/** The session value in a call's cookie or header; undefined if none. */
export function presentedValue(call: Call, client: OAuthClient): string | undefined {
  if (!client.cookieless) return cookieOf(call.headers.cookie ?? '');
  const header = call.headers[COOKIELESS.header.toLowerCase()];
  return typeof header === 'string' ? header : undefined;
}

/** The number of a session value; -1 if it is not of this session. */
function numberOf({ id }: Session, value: string): number {
  const n = Number(value.slice(id.length + 1));
  return value === stateValue({ id, current: n }) ? n : -1;
}

/**
 * Whether the value is valid. `overlaps`: the call is a poll, a read or a selection, for which a superseded value is
 * also valid if it was superseded shortly before the call arrived.
 */
export function opens(session: Session, value: string, overlaps: boolean, arrivedAt: number): boolean {
  const n = numberOf(session, value);
  if (n >= session.since && n <= session.current) return true;
  return overlaps && session.superseded.some((old) => old.n === n && old.at >= arrivedAt - OVERLAP_MS);
}

/**
 * Renews the session for the response to a call. A call with a superseded value gets the current value again: otherwise
 * the later of two overlapping responses would invalidate the client's newer value.
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

/** For a 200 response: invalidates all values before it. */
export function settle(session: Session): void {
  session.since = session.current;
}

/** `Set-Cookie` of the session. `Secure` only over TLS: over plain HTTP a client would not send it back. */
export function sessionCookie(session: Session, tls: boolean): string {
  return `${SESSION_COOKIE}=${stateValue(session)}; Path=/; HttpOnly${tls ? '; Secure; SameSite=None' : ''}`;
}

const PREFIX = `${SESSION_COOKIE}=`;

function cookieOf(header: string): string | undefined {
  for (const part of header.split(';')) {
    const pair = part.trim();
    if (pair.startsWith(PREFIX)) return pair.slice(PREFIX.length);
  }
  return undefined;
}
