// The usual script from the web. k6 runs it; Pairstorm's engine refuses it before any load and names each line.
import http from 'k6/http';
import { check, group, sleep } from 'k6';

export const options = {
  stages: [
    { duration: '1s', target: 5 },
    { duration: '1s', target: 0 },
  ],
  thresholds: { http_req_duration: ['p(95)<2000'], checks: ['rate>0.99'] },
};

export default function () {
  group('discovery', () => {
    const res = http.get(`${__ENV.PF_BASE_URL}/.well-known/openid-configuration`);
    check(res, { 'status is 200': (r) => r.status === 200 });
  });
  http.batch([`${__ENV.PF_BASE_URL}/pf/JWKS`, `${__ENV.PF_BASE_URL}/pf/heartbeat.ping`]);
  sleep(0.5);
}
