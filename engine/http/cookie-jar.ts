import { CookieJar as RfcJar, Cookie } from 'tough-cookie';

/** What `jar.set` may say of a cookie (k6-contract.md 6.2). */
export interface CookieAttributes {
  readonly domain?: string;
  readonly path?: string;
  readonly expires?: string;
  readonly max_age?: number;
  readonly secure?: boolean;
  readonly http_only?: boolean;
}

/** A cookie jar by RFC 6265 (tough-cookie). An empty jar costs nothing: the library's is made by the first cookie. */
export class CookieJar {
  #jar: RfcJar | undefined;

  /** Takes the `Set-Cookie` headers of an answer. Cookies that the RFC refuses are ignored. */
  store(setCookies: readonly string[], url: string): void {
    if (setCookies.length === 0) return;
    const jar = this.#open();
    for (const header of setCookies) jar.setCookieSync(header, url, { ignoreError: true });
  }

  /** Name and value of each cookie to be sent to a URL. */
  cookiesFor(url: string): readonly (readonly [name: string, value: string])[] {
    return this.#jar === undefined ? [] : this.#jar.getCookiesSync(url).map(({ key, value }) => [key, value] as const);
  }

  set(url: string, name: string, value: string, attributes: CookieAttributes = {}): void {
    const cookie = new Cookie({
      key: name,
      value,
      ...(attributes.domain === undefined ? {} : { domain: attributes.domain }),
      ...(attributes.path === undefined ? {} : { path: attributes.path }),
      ...(attributes.expires === undefined ? {} : { expires: new Date(attributes.expires) }),
      ...(attributes.max_age === undefined ? {} : { maxAge: attributes.max_age }),
      secure: attributes.secure ?? false,
      httpOnly: attributes.http_only ?? false,
    });
    this.#open().setCookieSync(cookie, url, { ignoreError: true });
  }

  /** Removes the cookies that would be sent to a URL; only those of one name, if it is given. */
  remove(url: string, name?: string): void {
    for (const cookie of this.#jar?.getCookiesSync(url) ?? []) {
      if (name !== undefined && cookie.key !== name) continue;
      // RFC 6265 5.3: a cookie of the same name, domain and path that has expired takes its place.
      this.#open().setCookieSync(
        new Cookie({ key: cookie.key, value: '', domain: cookie.domain, path: cookie.path, expires: new Date(0) }),
        url,
        { ignoreError: true },
      );
    }
  }

  empty(): void {
    this.#jar = undefined;
  }

  #open(): RfcJar {
    return (this.#jar ??= new RfcJar(undefined, { rejectPublicSuffixes: false, allowSpecialUseDomain: true }));
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

/** Reads `Set-Cookie` headers for `res.cookies`. */
export function responseCookies(setCookies: readonly string[]): Record<string, ResponseCookie[]> {
  const cookies: Record<string, ResponseCookie[]> = {};
  for (const header of setCookies) {
    const cookie = Cookie.parse(header);
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
