// UNKNOWN-24: batch with one failure; json() on bad, empty and null bodies, and unknown paths.
import http from 'k6/http';
import { TARGET, answer, attempt } from './answer.js';

export const options = { iterations: 1 };

export default function () {
  const brief = (res) => ({ status: res.status, error: res.error, code: res.error_code });
  answer(24, {
    batch: attempt(() => http.batch([`${TARGET}/200`, `${TARGET}/reset`, ['GET', `${TARGET}/404`]]).map(brief)),
  });
  answer(24, {
    object: attempt(() => Object.keys(http.batch({ a: `${TARGET}/200`, b: { method: 'GET', url: `${TARGET}/200` } }))),
  });
  const bodies = {
    good: http.get(`${TARGET}/200`),
    text: http.get(`${TARGET}/text`),
    empty: http.get(`${TARGET}/empty`),
    none: http.get(`${TARGET}/200`, { responseType: 'none' }),
    binary: http.get(`${TARGET}/200`, { responseType: 'binary' }),
    failed: http.get(`${TARGET}/reset`),
  };
  for (const [name, res] of Object.entries(bodies)) answer(24, { name, json: attempt(() => res.json()) });
  for (const path of ['a.b', 'a.b.0', 'a.b.#', 'a.b.9', 'none', 'a..b', '', '@this', 'a.b.#(>1)']) {
    const came = attempt(() => bodies.good.json(path));
    answer(24, { path, type: typeof came.value, ...came });
  }
}
