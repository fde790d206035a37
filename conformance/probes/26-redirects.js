// UNKNOWN-26: the limit of redirects; method and body on each status; tags of the hops (in the samples).
import http from 'k6/http';
import { TARGET, answer } from './answer.js';

export const options = { iterations: 1 };

export default async function () {
  for (const redirects of [undefined, 0, 2]) {
    for (const hops of [1, 2, 3, 12]) {
      const tags = { name: `hops-${hops}-limit-${redirects}` };
      const params = redirects === undefined ? { tags } : { tags, redirects };
      const { status, error, url } = await http.asyncRequest('GET', `${TARGET}/redirect/${hops}`, null, params);
      answer(26, { redirects: String(redirects), hops, status, error, url });
    }
  }
  for (const status of [301, 302, 303, 307, 308]) {
    const res = await http.asyncRequest('POST', `${TARGET}/move/${status}`, 'body');
    answer(26, { moved: status, method: res.json('method'), body: res.json('body') });
  }
}
