import type { WireHeaders } from './wire-headers.ts';

/** A request as it goes on the wire. */
export interface WireRequest {
  readonly method: string;
  readonly origin: string;
  /** With the query; with a proxy the whole URL. */
  readonly path: string;
  readonly headers: WireHeaders;
  readonly body: string | Buffer | null;
  /** Whether the connection is closed after the answer. */
  readonly reset?: boolean;
}

/** Characters of a token (RFC 9110, 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What a value must not have (RFC 9110, 5.5). */
const NOT_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
const NOT_IN_PATH = /[^\x21-\xff]/;
/** Methods whose requests say that they have no body (RFC 9110, 8.6). */
const HAS_BODY = new Set(['POST', 'PUT', 'PATCH']);
/** How headers are treated that are not simply sent. `length` is the client's; of `connection` only two values are possible. */
const SPECIAL: Readonly<Record<string, Kind>> = {
  host: 'host',
  connection: 'connection',
  'content-length': 'length',
  'transfer-encoding': 'refused',
  'keep-alive': 'refused',
  upgrade: 'refused',
  expect: 'refused',
};
type Kind = 'host' | 'connection' | 'length' | 'refused' | 'plain';
/** Kinds of the names that were met. */
const kinds = new Map<string, Kind>();
const REMEMBERED = 1_000;

function kindOf(name: string): Kind {
  let kind = kinds.get(name);
  if (kind !== undefined) return kind;
  const lower = name.toLowerCase();
  kind = TOKEN.test(name) ? (Object.hasOwn(SPECIAL, lower) ? SPECIAL[lower]! : 'plain') : 'refused';
  if (kinds.size < REMEMBERED) kinds.set(name, kind);
  return kind;
}

/** A request as text, a character for each byte; undefined if it is not valid HTTP. */
export function requestText(
  { method, path, headers, body }: WireRequest,
  host: string,
  closes: boolean,
): string | undefined {
  if (!TOKEN.test(method) || NOT_IN_PATH.test(path)) return undefined;
  let lines = '';
  let ownHost = host;
  const connection = closes ? 'close' : 'keep-alive';
  for (let at = 0; at < headers.length; at += 2) {
    const [name, value] = [headers[at]!, headers[at + 1]!];
    const kind = kindOf(name);
    if (kind === 'refused' || NOT_IN_VALUE.test(value)) return undefined;
    if (kind === 'plain') lines += `${name}: ${value}\r\n`;
    else if (kind === 'host') ownHost = value;
    else if (kind === 'connection' && !/^(?:close|keep-alive)$/i.test(value)) return undefined;
  }
  const content = body === null ? '' : latin1(body);
  const length = content === '' && !HAS_BODY.has(method) ? '' : `content-length: ${content.length}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nhost: ${ownHost}\r\nconnection: ${connection}\r\n${lines}${length}\r\n${content}`;
}

function latin1(body: string | Buffer): string {
  if (typeof body !== 'string') return body.toString('latin1');
  // As long as its bytes: ASCII.
  return Buffer.byteLength(body) === body.length ? body : Buffer.from(body).toString('latin1');
}
