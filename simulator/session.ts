import { randomUUID } from 'node:crypto';
import { COOKIELESS, SESSION_COOKIE } from '../protocol/transport.ts';
import type { Call } from './call.ts';
import type { OAuthClient } from './settings/oauth.ts';

/** The session of a flow: its current value, and values that a poll or a read has superseded lately. */
export interface Session {
  current: string;
  readonly superseded: { readonly value: string; readonly at: number }[];
}

/**
 * Overlapping polls (the iOS profile) carry the same value. A poll or read may present a value that another poll or
 * read superseded while it was on its way: so long before it arrived, in real milliseconds, at most. [choice]
 */
export const OVERLAP_MS = 500;

/** Superseded values that are remembered. */
const REMEMBERED = 8;

/** A session with a fresh value. */
export function newSession(): Session {
  return { current: randomUUID(), superseded: [] };
}

/** The session value that a call presents, by cookie or by header; undefined if none. */
export function presentedValue(call: Call, client: OAuthClient): string | undefined {
  if (!client.cookieless) return cookieOf(call.headers.cookie ?? '');
  const header = call.headers[COOKIELESS.header.toLowerCase()];
  return typeof header === 'string' ? header : undefined;
}

/**
 * Whether the value opens the session. `overlaps`: the call is a poll or a read. A superseded value opens it for those
 * only, and only if it was the current one not long before the call arrived.
 */
export function opens(session: Session, value: string | undefined, overlaps: boolean, arrivedAt: number): boolean {
  if (value === session.current) return true;
  if (value === undefined || !overlaps) return false;
  return session.superseded.some((old) => old.value === value && old.at >= arrivedAt - OVERLAP_MS);
}

/**
 * Gives the session a new value after a call that presented the current one. A call with a superseded value gets the
 * current value again: otherwise the later of two overlapping answers would invalidate what the client took from the
 * other.
 */
export function renew(session: Session, presented: string, overlaps: boolean, now: number): void {
  if (presented !== session.current) return;
  if (overlaps) {
    session.superseded.push({ value: session.current, at: now });
    if (session.superseded.length > REMEMBERED) session.superseded.shift();
  }
  session.current = randomUUID();
}

/** `Set-Cookie` of the session. `Secure` only over TLS, where a client would otherwise not send it back. */
export function sessionCookie(session: Session, tls: boolean): string {
  return `${SESSION_COOKIE}=${session.current}; Path=/; HttpOnly${tls ? '; Secure; SameSite=None' : ''}`;
}

const PREFIX = `${SESSION_COOKIE}=`;

function cookieOf(header: string): string | undefined {
  for (const part of header.split(';')) {
    const pair = part.trim();
    if (pair.startsWith(PREFIX)) return pair.slice(PREFIX.length);
  }
  return undefined;
}
