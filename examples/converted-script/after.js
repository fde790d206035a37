// The same, asynchronous: it runs here and under k6 (v0.57 or later) alike.
import http from 'k6/http';
import { check } from 'k6';

export const options = {
  stages: [
    { duration: '1s', target: 5 },
    { duration: '1s', target: 0 },
  ],
  thresholds: { http_req_duration: ['p(95)<2000'], checks: ['rate>0.99'] },
};

// sleep(seconds) → a timer, in milliseconds
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// http.get(url, params) → await http.asyncRequest('GET', url, null, params)
const get = (path, params) => http.asyncRequest('GET', __ENV.PF_BASE_URL + path, null, params);

export default async function () {
  // group('discovery', …) → a tag: a group is gone after the first await, in k6 too
  const res = await get('/.well-known/openid-configuration', { tags: { part: 'discovery' } });
  check(res, { 'status is 200': (r) => r.status === 200 });
  // http.batch([…]) → Promise.all
  await Promise.all([get('/pf/JWKS'), get('/pf/heartbeat.ping')]);
  await pause(500);
}
