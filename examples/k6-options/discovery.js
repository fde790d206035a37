import http from 'k6/http';
import { check } from 'k6';

// No options here: how much load, and what is judged, comes from the file that -c names.
export default async function () {
  const answer = await http.asyncRequest('GET', `${__ENV.PF_BASE_URL}/.well-known/openid-configuration`);
  check(answer, { 'names its issuer': (response) => response.json('issuer') !== undefined });
}
