/**
 * The most common kind of cookies, without a library: one host, `Path=/`, no domain, no expiry. A sign-in server's
 * session cookies are like this and change with every answer; by RFC 6265 a list suffices for them. Other cookies are
 * rejected and left to the library (cookie-jar.ts).
 */
export class HostCookies {
  #host = '';
  /** In creation order, which a new value does not change (RFC 6265 5.3, step 11). */
  readonly #cookies: { readonly name: string; value: string; secure: boolean; header: string; url: string }[] = [];

  get size(): number {
    return this.#cookies.length;
  }

  /** Stores a `Set-Cookie` header; false and unchanged if it is of another kind. */
  store(header: string, url: string): boolean {
    const site = siteOf(url);
    if (site === undefined || (this.#host !== '' && this.#host !== site.host)) return false;
    const parsed = plainCookie(header);
    if (parsed === undefined || (parsed.secure && !site.secure)) return false;
    const { name, value, secure } = parsed;
    for (const known of this.#cookies) {
      if (known.name !== name) continue;
      // An insecure site must not overwrite a secure site's cookie; the library handles that.
      if (known.secure && !site.secure) return false;
      known.value = value;
      known.secure = secure;
      known.header = header;
      known.url = url;
      return true;
    }
    this.#host = site.host;
    this.#cookies.push({ name, value, secure, header, url });
    return true;
  }

  /** Name and value of the cookies for a URL; undefined if the URL is too complex to tell. */
  cookiesFor(url: string): readonly (readonly [name: string, value: string])[] | undefined {
    const site = siteOf(url);
    if (site === undefined) return undefined;
    if (site.host !== this.#host) return [];
    return (site.secure ? this.#cookies : this.#cookies.filter(({ secure }) => !secure)).map(pairOf);
  }

  /** The header of each cookie and the URL it came from, in creation order, for the library. */
  *headers(): Generator<readonly [header: string, url: string]> {
    for (const { header, url } of this.#cookies) yield [header, url];
  }
}

function pairOf({ name, value }: { readonly name: string; readonly value: string }): readonly [string, string] {
  return [name, value];
}

/** The parts of a URL that determine which cookies are sent. */
interface Site {
  readonly host: string;
  readonly secure: boolean;
}

/** Scheme and host in lower case, then port and path; user information and unusual hosts do not match. */
const SITE = /^(https?):\/\/([a-z0-9.-]+)(?::\d+)?(?:[/?#]|$)/;
/** Sites by the URL up to its path: a run has few. */
const sites = new Map<string, Site | undefined>();
const REMEMBERED = 1_000;

function siteOf(url: string): Site | undefined {
  const path = url.indexOf('/', 8);
  const start = path < 0 ? url : url.slice(0, path);
  let site = sites.get(start);
  if (site !== undefined) return site;
  const match = SITE.exec(start);
  site = match === null ? undefined : { host: match[2]!, secure: match[1] === 'https' };
  if (sites.size < REMEMBERED) sites.set(start, site);
  return site;
}

/** Plain characters only. */
const NAME = /^[A-Za-z0-9._-]+$/;
const VALUE = /^[A-Za-z0-9._~+/=-]*$/;
const ATTRIBUTES = /^(?:; ?[A-Za-z]+(?:=[A-Za-z0-9/_-]*)?)*$/;
const PREFIXED = /^__(host|secure)-/i;
/** What the attributes of a plain cookie say. */
interface Flags {
  readonly secure: boolean;
  readonly httpOnly: boolean;
}

/** Flags by the text of the attributes, null for other kinds of cookie: a server uses few. */
const flags = new Map<string, Flags | null>();

/** A `Set-Cookie` header of the most common kind; undefined for any other. */
export function plainCookie(header: string): (Flags & { readonly name: string; readonly value: string }) | undefined {
  const semicolon = header.indexOf(';');
  const end = semicolon < 0 ? header.length : semicolon;
  const equals = header.indexOf('=');
  if (equals < 1 || equals > end) return undefined;
  const said = flagsOf(header.slice(end));
  if (said === null) return undefined;
  const name = header.slice(0, equals);
  const value = header.slice(equals + 1, end);
  if (!NAME.test(name) || !VALUE.test(value) || PREFIXED.test(name)) return undefined;
  return { name, value, ...said };
}

function flagsOf(attributes: string): Flags | null {
  let said = flags.get(attributes);
  if (said !== undefined) return said;
  said = readFlags(attributes);
  if (flags.size < REMEMBERED) flags.set(attributes, said);
  return said;
}

function readFlags(attributes: string): Flags | null {
  if (!ATTRIBUTES.test(attributes)) return null;
  let secure = false;
  let httpOnly = false;
  let path = '';
  for (const attribute of attributes.split(';')) {
    const text = attribute.trim().toLowerCase();
    if (text === 'secure') secure = true;
    else if (text === 'httponly') httpOnly = true;
    else if (text.startsWith('path=')) path = text.slice(5);
    else if (text !== '' && !text.startsWith('samesite=')) return null;
  }
  return path === '/' ? { secure, httpOnly } : null;
}
