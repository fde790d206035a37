import fc from 'fast-check';
import { Cookie as RfcCookie, CookieJar as RfcJar } from 'tough-cookie';
import { expect, test } from 'vitest';
import { CookieJar, responseCookies } from '../../engine/http/cookie-jar.ts';

const url = fc
  .tuple(
    fc.constantFrom('http', 'https'),
    fc.constantFrom('a.example', 'b.a.example', '127.0.0.1', 'localhost', 'A.Example', '[::1]'),
    fc.constantFrom('', ':9031'),
    fc.constantFrom('', '/', '/as/token', '/pf/deep/er?x=1', '?q'),
  )
  .map(([scheme, host, port, path]) => `${scheme}://${host}${port}${path}`);

const attribute = fc.constantFrom(
  ...['Path=/', 'path=/', 'Path=/as', 'Path=', 'HttpOnly', 'Secure', 'SameSite=None', 'SameSite=Strict', 'Max-Age=0'],
  ...['Max-Age=100', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'Domain=a.example', 'Domain=example', 'Priority=High'],
);

const header = fc
  .tuple(
    fc.constantFrom('PF', 'PF.PERSISTENT', 'x', '__Host-x', '__Secure-y', 'bad name', ''),
    fc.constantFrom('', 'abc', 'a=b', '"quoted"', 'with space', 'é', 'x;y', 'A1-_~./+'),
    fc.array(attribute, { maxLength: 4 }),
    fc.constantFrom('; ', ';'),
  )
  .map(([name, value, attributes, between]) => [`${name}=${value}`, ...attributes].join(between));

test('the jar sends what tough-cookie would send, after any sequence of answers', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(header, url, fc.boolean()), { maxLength: 8 }),
      fc.array(url, { minLength: 1, maxLength: 5 }),
      (answers, requests) => {
        const ours = new CookieJar();
        const theirs = new RfcJar(undefined, {
          ...{ rejectPublicSuffixes: false, allowSpecialUseDomain: true, allowSecureOnLocal: false },
        });
        for (const [set, from, byScript] of answers) {
          // What a script puts back is what an answer sets with its name, value and path alone.
          const { key, value } = RfcCookie.parse(set) ?? { key: '', value: '' };
          if (byScript && key !== '') {
            ours.set(from, key, value, { path: '/' });
            theirs.setCookieSync(new RfcCookie({ key, value, path: '/' }), from, { ignoreError: true });
            continue;
          }
          ours.store([set], from);
          theirs.setCookieSync(set, from, { ignoreError: true });
        }
        for (const to of requests) {
          expect(ours.cookiesFor(to)).toEqual(theirs.getCookiesSync(to).map(({ key, value }) => [key, value]));
        }
      },
    ),
    { numRuns: 3000 },
  );
});

test('a script sees of a cookie what tough-cookie reads', () => {
  fc.assert(
    fc.property(header, (set) => {
      const read = RfcCookie.parse(set);
      const [seen] = Object.values(responseCookies([set])).flat();
      expect(seen).toEqual(
        read && {
          ...{ name: read.key, value: read.value, domain: read.domain ?? '', path: read.path ?? '' },
          ...{ httpOnly: read.httpOnly, secure: read.secure },
          maxAge: typeof read.maxAge === 'number' ? read.maxAge : 0,
          expires: read.expires instanceof Date ? read.expires.getTime() : 0,
        },
      );
    }),
    { numRuns: 3000 },
  );
});

test('a session cookie that changes with each answer keeps its place', () => {
  const jar = new CookieJar();
  jar.store(['PF=1;Path=/;HttpOnly', 'PF.PERSISTENT=p;Path=/'], 'http://127.0.0.1:9031/as');
  jar.store(['PF=2;Path=/;HttpOnly'], 'http://127.0.0.1:9031/pf-ws');
  expect(jar.cookiesFor('http://127.0.0.1:9031/')).toEqual([
    ['PF', '2'],
    ['PF.PERSISTENT', 'p'],
  ]);
  jar.remove('http://127.0.0.1:9031/', 'PF');
  expect(jar.cookiesFor('http://127.0.0.1:9031/')).toEqual([['PF.PERSISTENT', 'p']]);
  jar.empty();
  expect(jar.cookiesFor('http://127.0.0.1:9031/')).toEqual([]);
});

test.each(['http://127.0.0.1:9031/', 'http://localhost/', 'http://[::1]/', 'http://a.example/'])(
  'a Secure cookie is not sent to %s, which speaks plain HTTP',
  (url) => {
    const jar = new CookieJar();
    jar.store(['PF=1; Path=/; Secure', 'open=2; Path=/'], url);
    jar.set(url, 'own', '3', { secure: true });
    const secure = url.replace('http:', 'https:');
    jar.store(['TLS=4; Path=/; Secure', 'twice=5; Path=/; Secure; Max-Age=60'], secure);
    expect(jar.cookiesFor(url)).toEqual([['open', '2']]);
    expect(jar.cookiesFor(secure)).toContainEqual(['TLS', '4']);
  },
);
