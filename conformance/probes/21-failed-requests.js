// UNKNOWN-21: asyncRequest at a bad URL, a refused port, a reset and a timeout; case `throw` with the option `throw`.
import http from 'k6/http';
import { CASE, TARGET, answer, attemptAsync } from './answer.js';

export const options = { iterations: 1, throw: CASE === 'throw' };

const REQUESTS = {
  'bad URL': ['http//nowhere'],
  'no scheme': ['127.0.0.1/200'],
  'bad scheme': ['ftp://127.0.0.1/'],
  'unknown host': ['http://nowhere.invalid/'],
  refused: ['http://127.0.0.1:1/'],
  reset: [`${TARGET}/reset`],
  timeout: [`${TARGET}/slow/2000`, { timeout: '200ms' }],
  'timeout in the body': [`${TARGET}/stall`, { timeout: '200ms' }],
  404: [`${TARGET}/404`],
};

export default async function () {
  for (const [name, [url, params]] of Object.entries(REQUESTS)) {
    const came = await attemptAsync(() => http.asyncRequest('GET', url, null, params));
    if (came.how === 'resolves') {
      const { status, error, error_code, body, headers, timings, url: shown } = came.value;
      came.value = { status, error, error_code, body, headers, timings, url: shown };
    }
    answer(21, { name, ...came });
  }
}
