import { expect, it } from 'vitest';
import { makeInventory } from '../../../population/inventory.ts';
import { startFront } from '../../lib/deployment/front.ts';
import type { Exchange } from '../../lib/deployment/front.ts';
import { travelled } from '../../lib/deployment/travelled.ts';
import { visit } from './visit.ts';

/** Every so often an answer repeats the request, as an error or as no JSON at all. */
function spoiling(every: number): ({ url, body, answer }: Exchange) => { status: number; answer: string } | undefined {
  let exchanges = 0;
  return ({ url, body, answer }) => {
    if (!/authn|token|userinfo/.test(url) || ++exchanges % every > 0) return undefined;
    const message = `you sent ${body}`;
    if (exchanges % 2 > 0) return { status: 200, answer: `<html>${body}${answer}</html>` };
    const code = `${body}${answer}`;
    const error = { code, message, userMessage: answer, details: [{ code, message }], error_description: message };
    return { status: 400, answer: JSON.stringify(error) };
  };
}

/** Every second, third, … answer is spoiled; every thousandth: none. */
const ROUNDS = [2, 3, 4, 5, 1000].flatMap((every) =>
  (['cookie', 'cookieless'] as const).flatMap((state) =>
    (['doctor', 'trace'] as const).map((tool) => [tool, state, every] as const),
  ),
);

it.each(ROUNDS)('%s, %s: no secret is told, whatever is answered (%i)', async (tool, state, every) => {
  const inventory = makeInventory({ users: 60, seed: every, version: 'test' });
  const secrets = { client: 'planted-client-secret', header: 'planted-api-key' };
  // Whoever pairs, approves or types a code, in turn.
  const kinds = ['F1', 'F4', 'F7', 'F8', 'F10'];
  const user = inventory.users.findIndex(({ kind }) => kind === kinds[every % kinds.length]);
  const { lines, result, seen } = await visit({
    ...{ inventory, tool },
    env: {
      ...{
        PF_CLIENT_SECRET: secrets.client,
        PF_CLIENT_AUTH: 'basic+pkce',
        PF_STATE: state,
        TRACE_USER: String(user),
      },
      PF_HEADERS: `X-Environment: ${secrets.header}`,
    },
    settings: {
      clients: [{ id: 'pairstorm', secret: secrets.client, cookieless: state === 'cookieless' }],
      // What doctor looks for elsewhere passes the same wires.
      statusIn: 'userinfo',
    },
    before: (url) => startFront(url, spoiling(every)),
  });
  expect(result.exit).toBe('pass');
  expect(lines.length).toBeGreaterThan(2);
  const planted = inventory.users.flatMap(({ password, devices }) => [
    password,
    ...devices.map(({ secret = '' }) => secret),
  ]);
  const told = [...Object.values(secrets), ...planted, ...seen.flatMap(travelled), 'you sent', '<html>'];
  const secretive = [...new Set(told)].filter((secret) => secret !== '');
  expect(secretive.length).toBeGreaterThan(60);
  const said = lines.join('\n') + (result.reason ?? '');
  expect(
    secretive.filter((secret) =>
      // A passcode of six digits may stand anywhere by chance, as a part of a longer number.
      /^\d{4,8}$/.test(secret) ? new RegExp(`(^|[^0-9.])${secret}([^0-9]|$)`).test(said) : said.includes(secret),
    ),
  ).toEqual([]);
});

it('A passcode that a server repeats as its error code is not told', async () => {
  const inventory = makeInventory({ users: 60, seed: 3, version: 'test' });
  const user = inventory.users.findIndex(({ kind, behaviour }) => kind === 'F7' && behaviour.otp?.wrong === 0);
  const { lines, seen } = await visit({
    ...{ inventory, tool: 'trace', env: { TRACE_USER: String(user) } },
    before: (url) =>
      startFront(url, ({ body }) => {
        const otp = /"otp":"(\d+)"/.exec(body)?.[1];
        return otp === undefined ? undefined : { status: 400, answer: JSON.stringify({ code: otp }) };
      }),
  });
  const otp = seen.flatMap(({ body }) => /"otp":"(\d+)"/.exec(body)?.[1] ?? []);
  expect(otp).toHaveLength(1);
  expect(lines.join('\n')).toContain('"error":"NOT_A_CODE"');
  expect(lines.join('\n')).not.toContain(otp[0]);
});
