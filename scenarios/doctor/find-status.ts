import http from 'k6/http';
import { STATUS_PREFIX } from '../../protocol/status-attribute.ts';
import { PATHS } from '../../protocol/transport.ts';
import { clientForm } from '../../lib/flow/client-authentication.ts';
import { tokenClaims } from '../../lib/flow/status-claim.ts';
import { jsonObject } from '../../lib/json-object.ts';
import type { RunPlan } from '../../lib/run-plan.ts';
import type { CheckedExchange, FoundStatus } from './findings.ts';

type Claims = Readonly<Record<string, unknown>> | undefined;

/** The claim whose value can only be the status attribute. */
function statusClaimOf(claims: Claims): string | undefined {
  return Object.keys(claims ?? {}).find((name) => {
    const value = claims![name];
    return typeof value === 'string' && value.startsWith(STATUS_PREFIX);
  });
}

const PARAMS = { tags: { name: 'status', peer: 'setup' }, redirects: 0, responseType: 'text' } as const;

/** Searches for the status attribute in both tokens, userinfo and introspection. */
export async function findStatus(
  { settings, target }: RunPlan,
  exchanges: readonly CheckedExchange[],
): Promise<FoundStatus | undefined> {
  const token = exchanges.find(({ step }) => step === 'token');
  const { access_token: accessToken, id_token: idToken } = (token && jsonObject(token.res)) ?? {};
  if (typeof accessToken !== 'string') return undefined;
  const { form, headers } = clientForm(settings, { token: accessToken });
  const bearer = { ...settings.headers, Authorization: `Bearer ${accessToken}` };
  const places: readonly (readonly [FoundStatus['from'], () => Promise<Claims> | Claims])[] = [
    ['access_token', () => tokenClaims(accessToken)],
    ['id_token', () => tokenClaims(typeof idToken === 'string' ? idToken : undefined)],
    [
      'userinfo',
      async () =>
        jsonObject(await http.asyncRequest('GET', target.pf + PATHS.userinfo, null, { ...PARAMS, headers: bearer })),
    ],
    [
      'introspection',
      async () =>
        settings.clientAuth === 'none'
          ? undefined
          : jsonObject(
              await http.asyncRequest('POST', target.pf + PATHS.introspect, form, {
                ...PARAMS,
                headers: { ...settings.headers, ...headers },
              }),
            ),
    ],
  ];
  for (const [from, read] of places) {
    const claim = statusClaimOf(await read());
    if (claim !== undefined) return { from, claim };
  }
  return undefined;
}
