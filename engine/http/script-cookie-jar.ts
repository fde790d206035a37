import { CookieJar } from './cookie-jar.ts';
import type { CookieAttributes } from './cookie-jar.ts';

/** A cookie jar for scripts (`@types/k6` CookieJar). */
export class ScriptCookieJar {
  readonly #jar: CookieJar;

  constructor(jar = new CookieJar()) {
    this.#jar = jar;
  }

  /** The jar behind a script's `http.CookieJar`; `undefined` for anything else. */
  static behind(value: unknown): CookieJar | undefined {
    return typeof value === 'object' && value !== null && #jar in value ? value.#jar : undefined;
  }

  cookiesForURL(url: unknown): Record<string, string[]> {
    const cookies: Record<string, string[]> = {};
    for (const [name, value] of this.#jar.cookiesFor(String(url))) (cookies[name] ??= []).push(value);
    return cookies;
  }

  set(url: unknown, name: unknown, value: unknown, attributes?: CookieAttributes | null): void {
    this.#jar.set(String(url), String(name), String(value), attributes ?? {});
  }

  clear(url: unknown): void {
    this.#jar.remove(String(url));
  }

  delete(url: unknown, name: unknown): void {
    this.#jar.remove(String(url), String(name));
  }
}
