// UNKNOWN-25: repeated headers, Set-Cookie, case and order; res.cookies; request headers as sent.
import http from 'k6/http';
import { TARGET, answer } from './answer.js';

export const options = { iterations: 1 };

export default async function () {
  const res = await http.asyncRequest('GET', `${TARGET}/headers`);
  answer(25, { headers: res.headers, cookies: res.cookies, status_text: res.status_text, proto: res.proto });
  const echo = await http.asyncRequest('POST', `${TARGET}/echo`, '{}', { headers: { 'x-lower': '1', 'X-Number': 2 } });
  answer(25, { sent: echo.json('rawHeaders'), request: echo.request });
  const form = await http.asyncRequest('POST', `${TARGET}/echo`, {
    a: 'ä &',
    b: null,
    c: [1, 2],
    d: undefined,
    e: true,
  });
  answer(25, { form: form.json('body'), type: form.json('headers.content-type') });
}
