import type { Exchange } from './front.ts';

/** Fields whose values must not be told. */
const FIELDS = [
  'access_token',
  'id_token',
  'code',
  'mobilePayload',
  'serverPayload',
  'otp',
  'password',
  '_pf_authn_api_state',
];

/** What travelled in an exchange and must not be told: values of fields, headers and parameters. */
export function travelled({ body, answer, headers, answerHeaders, url }: Exchange): string[] {
  const found: string[] = [];
  for (const text of [body, answer]) {
    for (const [, name, value] of text.matchAll(/"(\w+)":"([^"]*)"/g)) {
      // A status code in capitals is not an authorization code.
      if (FIELDS.includes(name!) && !/^[A-Z_a-z.]+$/.test(value!)) found.push(value!);
    }
  }
  const form = body.includes('grant_type=') ? new URLSearchParams(body) : new URLSearchParams();
  for (const name of ['code', 'client_secret', 'code_verifier']) found.push(form.get(name) ?? '');
  const cookies = [headers.cookie ?? '', ...(answerHeaders['set-cookie'] ?? [])];
  for (const cookie of cookies) found.push(...[...cookie.matchAll(/PF=([^;]+)/g)].map(([, value]) => value!));
  if (url.includes('token')) found.push(headers.authorization?.replace(/^\w+ /, '') ?? '');
  return found;
}
