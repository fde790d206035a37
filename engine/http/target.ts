/** Where a request goes. */
export interface RequestTarget {
  /** The URL as requested, without fragment and credentials. */
  readonly url: string;
  /** `http://host:port`. */
  readonly origin: string;
  /** Path and query, starting with `/`. */
  readonly path: string;
  readonly secure: boolean;
  /** Value of an Authorization header for credentials in the URL, if any. */
  readonly authorization?: string;
}

/** Scheme, host and port. */
const HEAD = /^(https?):\/\/([^/?#@\s]+)/i;
/** Characters that may be in a request line unescaped (RFC 3986, and others that servers accept). */
const PLAIN_PATH = /^[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7e]*$/;
const origins = new Map<string, string | undefined>();

/**
 * Parses an absolute http(s) URL; `undefined` if it is invalid. A plain URL needs no `new URL`: only its origin is
 * checked, once.
 */
export function parseTarget(url: string): RequestTarget | undefined {
  const head = headOf(url);
  if (head === undefined) return url.includes('@') ? parseWithCredentials(url) : undefined;
  const origin = originOf(head);
  if (origin === undefined) return undefined;
  const hash = url.indexOf('#');
  const end = hash < 0 ? url.length : hash;
  let path = url.slice(head.length, end);
  if (path === '') path = '/';
  else if (path.charCodeAt(0) === 63) path = `/${path}`;
  if (!PLAIN_PATH.test(path)) {
    const parsed = new URL(url);
    path = parsed.pathname + parsed.search;
  }
  return { url: hash < 0 ? url : url.slice(0, end), origin, path, secure: origin.startsWith('https') };
}

/** The text of the URL up to its path; undefined if it has no valid one. A known one needs no regular expression. */
function headOf(url: string): string | undefined {
  const slash = url.indexOf('/', 'https://'.length);
  const known = slash < 0 ? url : url.slice(0, slash);
  return origins.has(known) ? known : HEAD.exec(url)?.[0];
}

function originOf(text: string): string | undefined {
  if (origins.has(text)) return origins.get(text);
  let origin: string | undefined;
  try {
    origin = new URL(text).origin;
  } catch {
    origin = undefined;
  }
  if (origins.size < 1_000) origins.set(text, origin);
  return origin;
}

function parseWithCredentials(url: string): RequestTarget | undefined {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return undefined;
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return undefined;
  const credentials = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`;
  const path = parsed.pathname + parsed.search;
  return {
    url: parsed.origin + path,
    origin: parsed.origin,
    path,
    secure: parsed.protocol === 'https:',
    authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
  };
}
