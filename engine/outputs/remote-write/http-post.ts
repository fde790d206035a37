import { request } from 'undici';
import { Deadline } from '../../deadline.ts';
import { dispatcherTo } from '../../http/proxied-dispatcher.ts';
import type { ProxyChoice } from '../../http/proxy.ts';
import type { DeliveryResult, Post } from './delivery.ts';
import type { RemoteWriteTarget } from './settings.ts';

/** Timeout of a request in milliseconds: Prometheus's default (`remote_timeout`). */
const TIMEOUT_MS = 30_000;
const LATE = `no answer within ${TIMEOUT_MS / 1_000} s`;
/** Maximum characters of an error response to show. */
const TOLD = 200;

/** A remote-write receiver. */
export interface Receiver {
  readonly post: Post;
  readonly close: () => Promise<void>;
}

/** Does not connect yet. */
export function receiverAt(target: RemoteWriteTarget, version: string, proxyOf: ProxyChoice | undefined): Receiver {
  const dispatcher = dispatcherTo(target.url, proxyOf, target.tls);
  const headers = {
    'user-agent': `pairstorm/${version}`,
    ...target.headers,
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '0.1.0',
  };
  return {
    async post(body, cut) {
      const deadline = new Deadline(TIMEOUT_MS, cut);
      try {
        const { signal } = deadline;
        const response = await request(target.url, { method: 'POST', headers, body, dispatcher, signal });
        const text = await response.body.text();
        return answerOf(response.statusCode, response.headers['retry-after'], withoutSecrets(text, target.headers));
      } catch (error) {
        return { how: 'later', reason: deadline.passed ? LATE : reasonOf(error) };
      } finally {
        deadline.clear();
      }
    },
    close: () => dispatcher.destroy(),
  };
}

/** Meaning of an HTTP status (Remote-Write 1.0 specification, "Retries & Backoff"): retry on 5xx and 429 only. */
function answerOf(status: number, retryAfter: string | string[] | undefined, text: string): DeliveryResult {
  if (status >= 200 && status < 300) return { how: 'taken' };
  const reason = `HTTP ${status}${text === '' ? '' : `: ${text.slice(0, TOLD)}`}`;
  if (status === 413) return { how: 'too_large', reason };
  if (status < 500 && status !== 429) return { how: 'refused', reason };
  return { how: 'later', reason, afterMs: waitOf(String(retryAfter ?? '')) };
}

/** Parses Retry-After: seconds or a date (RFC 9110, 10.2.3). */
function waitOf(text: string): number | undefined {
  if (text === '') return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** Redacts credentials, which a receiver may echo. */
function withoutSecrets(text: string, headers: Readonly<Record<string, string>>): string {
  let shown = text.trim();
  for (const value of Object.values(headers)) {
    for (const secret of [value, value.replace(/^\w+ /, ''), basicPassword(value)]) {
      if (secret !== '') shown = shown.replaceAll(secret, '(redacted)');
    }
  }
  return shown;
}

function basicPassword(header: string): string {
  const encoded = /^Basic (.+)$/.exec(header)?.[1];
  return encoded === undefined
    ? ''
    : Buffer.from(encoded, 'base64')
        .toString()
        .replace(/^[^:]*:/, '');
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  // A DOMException has a numeric code.
  return typeof code === 'string' ? code : message;
}
