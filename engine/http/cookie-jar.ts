import { createRequire } from 'node:module';
import type * as ToughCookie from 'tough-cookie';
import { HostCookies, plainCookie } from './host-cookies.ts';

const require = createRequire(import.meta.url);
/** Loaded when first needed: with its list of public suffixes it takes as long as the rest of the client. */
const rfc = (): typeof ToughCookie => require('tough-cookie') as typeof ToughCookie;

/** Attributes for `jar.set` (k6-contract.md 6.2). */
export interface CookieAttributes {
  readonly domain?: string;
  readonly path?: string;
  readonly expires?: string;
  readonly max_age?: number;
  readonly secure?: boolean;
  readonly http_only?: boolean;
}

/** `Secure` cookies are never sent over plain HTTP, not even to localhost (k6 documentation, "Cookies"). */
const OPTIONS = { rejectPublicSuffixes: false, allowSpecialUseDomain: true, allowSecureOnLocal: false };

/**
 * A cookie jar by RFC 6265. The most common kind of cookie is kept in a list; the first of another kind makes
 * tough-cookie take over all of them. A test ensures that both behave the same.
 */
export class CookieJar {
  #plain: HostCookies | undefined;
  #jar: ToughCookie.CookieJar | undefined;

  /** Stores the `Set-Cookie` headers of an answer. Cookies that the RFC forbids are ignored. */
  store(setCookies: readonly string[], url: string): void {
    for (const header of setCookies) {
      if (this.#storePlain(header, url)) continue;
      this.#open().setCookieSync(header, url, { ignoreError: true });
    }
  }

  /** Name and value of the cookies for a URL. */
  cookiesFor(url: string): readonly (readonly [name: string, value: string])[] {
    if (this.#jar === undefined) {
      if (this.#plain === undefined || this.#plain.size === 0) return [];
      const plain = this.#plain.cookiesFor(url);
      if (plain !== undefined) return plain;
    }
    return this.#open()
      .getCookiesSync(url)
      .map(({ key, value }) => [key, value] as const);
  }

  set(url: string, name: string, value: string, attributes: CookieAttributes = {}): void {
    const { path, ...others } = attributes;
    // Of the most common kind, such as a session cookie that is put back.
    if (path === '/' && Object.keys(others).length === 0 && this.#storePlain(`${name}=${value}; Path=/`, url)) return;
    // Opened first: cookies are sent in the order in which tough-cookie made them.
    const jar = this.#open();
    const cookie = new (rfc().Cookie)({
      key: name,
      value,
      ...(attributes.domain === undefined ? {} : { domain: attributes.domain }),
      ...(attributes.path === undefined ? {} : { path: attributes.path }),
      ...(attributes.expires === undefined ? {} : { expires: new Date(attributes.expires) }),
      ...(attributes.max_age === undefined ? {} : { maxAge: attributes.max_age }),
      secure: attributes.secure ?? false,
      httpOnly: attributes.http_only ?? false,
    });
    jar.setCookieSync(cookie, url, { ignoreError: true });
  }

  /** Removes the cookies for a URL, or only those of one name. */
  remove(url: string, name?: string): void {
    const { Cookie } = rfc();
    for (const cookie of this.#open().getCookiesSync(url)) {
      if (name !== undefined && cookie.key !== name) continue;
      // RFC 6265 5.3: an expired cookie with the same name, domain and path replaces it.
      this.#open().setCookieSync(
        new Cookie({ key: cookie.key, value: '', domain: cookie.domain, path: cookie.path, expires: new Date(0) }),
        url,
        { ignoreError: true },
      );
    }
  }

  empty(): void {
    this.#plain = undefined;
    this.#jar = undefined;
  }

  #storePlain(header: string, url: string): boolean {
    return this.#jar === undefined && (this.#plain ??= new HostCookies()).store(header, url);
  }

  #open(): ToughCookie.CookieJar {
    if (this.#jar !== undefined) return this.#jar;
    const jar = new (rfc().CookieJar)(undefined, OPTIONS);
    for (const [header, url] of this.#plain?.headers() ?? []) jar.setCookieSync(header, url, { ignoreError: true });
    this.#plain = undefined;
    return (this.#jar = jar);
  }
}

/** A cookie of an answer, as scripts see it (`@types/k6` ResponseCookie). `expires` in Unix milliseconds, 0 for none. */
export interface ResponseCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly maxAge: number;
  readonly expires: number;
}

/** Parses `Set-Cookie` headers for `res.cookies`. */
export function responseCookies(setCookies: readonly string[]): Record<string, ResponseCookie[]> {
  const cookies: Record<string, ResponseCookie[]> = {};
  for (const header of setCookies) {
    const plain = plainCookie(header);
    if (plain !== undefined) {
      (cookies[plain.name] ??= []).push({ ...plain, domain: '', path: '/', maxAge: 0, expires: 0 });
      continue;
    }
    const cookie = rfc().Cookie.parse(header);
    if (cookie === undefined) continue;
    (cookies[cookie.key] ??= []).push({
      name: cookie.key,
      value: cookie.value,
      domain: cookie.domain ?? '',
      path: cookie.path ?? '',
      httpOnly: cookie.httpOnly,
      secure: cookie.secure,
      maxAge: typeof cookie.maxAge === 'number' ? cookie.maxAge : 0,
      expires: cookie.expires instanceof Date ? cookie.expires.getTime() : 0,
    });
  }
  return cookies;
}
