/**
 * Cookies of the commonest kind, kept without a library: for one host, `Path=/`, no domain, no expiry. Session cookies of
 * a sign-in server are like this, and they change with every answer; by RFC 6265 they need no more than a list. What is
 * not of this kind is refused here and left to the library (cookie-jar.ts).
 */
export class HostCookies {
  #host = '';
  /** Creation order, which a new value does not change (RFC 6265 5.3, step 11). */
  readonly #cookies: { readonly name: string; value: string; secure: boolean; header: string; url: string }[] = [];

  get size(): number {
    return this.#cookies.length;
  }

  /** Takes a `Set-Cookie` header; false if it is not of the kind, and then nothing has changed. */
  store(header: string, url: string): boolean {
    const site = siteOf(url);
    if (site === undefined || (this.#host !== '' && this.#host !== site.host)) return false;
    const parsed = parse(header);
    if (parsed === undefined || (parsed.secure && !site.secure)) return false;
    const known = this.#cookies.find(({ name }) => name === parsed.name);
    // A cookie that a secure site set is not for others to overwrite; the library knows that rule.
    if (known?.secure === true && !site.secure) return false;
    this.#host = site.host;
    if (known === undefined) this.#cookies.push({ ...parsed, header, url });
    else Object.assign(known, parsed, { header, url });
    return true;
  }

  /** Name and value of each cookie to be sent to a URL; undefined if the URL is not plain enough to tell. */
  cookiesFor(url: string): readonly (readonly [name: string, value: string])[] | undefined {
    const site = siteOf(url);
    if (site === undefined) return undefined;
    if (site.host !== this.#host) return [];
    const sent: (readonly [string, string])[] = [];
    for (const { name, value, secure } of this.#cookies) if (!secure || site.secure) sent.push([name, value]);
    return sent;
  }

  /** The header of each cookie and the URL that it came from, in creation order: for the library to take over. */
  *headers(): Generator<readonly [header: string, url: string]> {
    for (const { header, url } of this.#cookies) yield [header, url];
  }
}

/** Scheme, host in lower case, and what follows it; user information and odd hosts do not match. */
const SITE = /^(https?):\/\/([a-z0-9.-]+)(?::\d+)?(?:[/?#]|$)/;

function siteOf(url: string): { readonly host: string; readonly secure: boolean } | undefined {
  const match = SITE.exec(url);
  return match === null ? undefined : { host: match[2]!, secure: match[1] === 'https' };
}

/** `name=value` of plain characters, then attributes. */
const COOKIE = /^([A-Za-z0-9._-]+)=([A-Za-z0-9._~+/=-]*)((?:; ?[A-Za-z]+(?:=[A-Za-z0-9/_-]*)?)*)$/;
const PREFIXED = /^__(host|secure)-/i;

function parse(
  header: string,
): { readonly name: string; readonly value: string; readonly secure: boolean } | undefined {
  const match = COOKIE.exec(header);
  if (match === null || PREFIXED.test(match[1]!)) return undefined;
  let secure = false;
  let path = '';
  for (const attribute of match[3]!.split(';')) {
    const text = attribute.trim().toLowerCase();
    if (text === 'secure') secure = true;
    else if (text.startsWith('path=')) path = text.slice(5);
    else if (text !== '' && text !== 'httponly' && !text.startsWith('samesite=')) return undefined;
  }
  return path === '/' ? { name: match[1]!, value: match[2]!, secure } : undefined;
}
