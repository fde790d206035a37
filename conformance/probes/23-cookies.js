// UNKNOWN-23: the VU's cookie jar with two flows at once, when it is cleared, and across redirects.
/* global __ITER */
import http from 'k6/http';
import { TARGET, answer } from './answer.js';

export const options = { vus: 1, iterations: 2 };

const jar = () => http.cookieJar().cookiesForURL(TARGET);
const get = async (value, params) => (await http.asyncRequest('GET', `${TARGET}/cookie/${value}`, null, params)).json();

export default async function () {
  answer(23, { iteration: __ITER, when: 'start', jar: jar() });
  const own = new http.CookieJar();
  const [one, two, three] = await Promise.all([get('one'), get('two'), get('three', { jar: own })]);
  answer(23, { when: 'two at once', one, two, three, jar: jar(), own: own.cookiesForURL(TARGET) });
  answer(23, { when: 'after', shared: await get('four'), own: await get('five', { jar: own }) });
  answer(23, {
    when: 'for one request',
    sent: await get('six', { cookies: { session: 'mine', other: 'too' } }),
    jar: jar(),
  });
  answer(23, {
    when: 'replace',
    sent: await get('seven', { cookies: { session: { value: 'replaced', replace: true } } }),
  });
  const hop = await http.asyncRequest('GET', `${TARGET}/redirect/1`);
  answer(23, { when: 'redirect', cookie: hop.json('headers.cookie'), status: hop.status });
}
