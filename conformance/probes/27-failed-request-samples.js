// UNKNOWN-27: samples, tags and timings of a failed request. The answer is in the samples.
import http from 'k6/http';
import { TARGET, answer } from './answer.js';

export const options = { iterations: 1 };

const get = (name, url, timeout = '500ms') => http.asyncRequest('GET', url, null, { timeout, tags: { name } });

export default async function () {
  const all = {
    good: await get('good', `${TARGET}/200`),
    reset: await get('reset', `${TARGET}/reset`),
    refused: await get('refused', 'http://127.0.0.1:1/'),
    slow: await get('slow', `${TARGET}/slow/2000`),
    stall: await get('stall', `${TARGET}/stall`),
  };
  for (const [name, { status, error_code, timings }] of Object.entries(all))
    answer(27, { name, status, error_code, timings });
}
