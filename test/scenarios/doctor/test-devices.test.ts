import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startFront } from '../../lib/deployment/front.ts';
import { KEYS, claimsFor, pemOf, signed, testUsers } from '../../lib/deployment/request-objects.ts';
import { people } from '../../lib/deployment/stage.ts';
import type { CheckName } from '../../../scenarios/doctor/line.ts';
import { visit, wrongIn } from './visit.ts';

const folder = mkdtempSync(join(tmpdir(), 'pairstorm-doctor-'));
afterAll(() => rmSync(folder, { recursive: true }));
const requestKeyFile = join(folder, 'key.pem');
writeFileSync(requestKeyFile, pemOf(KEYS.ec.publicKey));
const ISSUER = 'https://sso.example.com';
const SETTINGS = { requestKeyFile, baseUrl: ISSUER } as const;

const envWith = async (key = KEYS.ec.privateKey, alg = 'ES256') => ({
  DEVICE_DRIVER: 'test-device',
  PF_REQUEST_OBJECT: await signed(claimsFor(ISSUER), key, alg),
});

type Visited = Awaited<ReturnType<typeof visit>>;
const found = ({ checks }: Visited, name: CheckName) => checks.find(({ check }) => check === name);

describe('doctor with test devices', () => {
  it('plays a user with a test device to the end, without a message and without a phone', async () => {
    const seen = await visit({ inventory: testUsers(3), env: await envWith(), settings: SETTINGS });
    expect(seen.checks.filter(({ is, check }) => is !== 'right' && check !== 'round_trip')).toEqual([]);
    expect(found(seen, 'second_factor')?.found).toBe('code of a test device, as user 0 of the inventory');
    expect(found(seen, 'request_object')?.found).toBe('taken, with state and PKCE beside it');
  });

  it('says so where state and PKCE beside the request object are ignored, and asks for a client with a secret', async () => {
    const settings = { ...SETTINGS, besideRequest: 'ignored' } as const;
    const seen = await visit({ inventory: testUsers(3), env: await envWith(), settings });
    expect(wrongIn(seen.checks)).toEqual([['request_object', expect.stringMatching(/^use a client with a secret/)]]);
    const secret = { PF_CLIENT_SECRET: 'pairstorm-secret', PF_CLIENT_AUTH: 'post' };
    const helped = await visit({ inventory: testUsers(3), env: { ...(await envWith()), ...secret }, settings });
    expect(wrongIn(helped.checks)).toEqual([]);
    expect(found(helped, 'token')?.is).toBe('right');
  });

  it.each([
    ['of another key', SETTINGS, /^compare the request object with the client: its key/],
    ['at a server that takes none', { baseUrl: ISSUER }, /^let the client send request objects/],
  ] as const)('a request object %s is one finding', async (_title, settings, remedy) => {
    const { checks } = await visit({
      inventory: testUsers(3),
      env: await envWith(KEYS.rsa.privateKey, 'RS256'),
      settings,
    });
    expect(wrongIn(checks)).toEqual([['client', expect.stringMatching(remedy)]]);
  });

  it('a device that is no test device is one finding', async () => {
    const accounts = testUsers(3);
    const users = accounts.users.map((user) => ({
      ...user,
      devices: user.devices.map((one) => ({ ...one, testMode: false })),
    }));
    const { checks } = await visit({
      ...{ inventory: accounts, accounts: { ...accounts, users } },
      ...{ env: await envWith(), settings: SETTINGS },
    });
    expect(wrongIn(checks)).toEqual([['second_factor', expect.stringMatching(/^make the device a test device/)]]);
  });
});

describe('doctor and automatic pairing', () => {
  it('goes as far as the pairing of a new phone, and pairs nothing', async () => {
    const seen = await visit({ inventory: people('F1') });
    expect(found(seen, 'pairing')).toMatchObject({ is: 'right' });
    expect(seen.counts.completed).toEqual({});
  });

  it('tells where a payload was sent and the pairing state never came', async () => {
    const seen = await visit({ inventory: people('F1'), settings: { trackedParameters: 'none' } });
    expect(wrongIn(seen.checks)).toEqual([
      ['pairing', expect.stringMatching(/^add mobilePayload to the Tracked HTTP Parameters/)],
    ]);
    expect(found(seen, 'pairing')?.found).toContain('MFA_FAILED came in place of MOBILE_PAIRING_REQUIRED');
  });

  it('tells where the payload is refused', async () => {
    const { checks } = await visit({
      inventory: people('F1'),
      before: (url) =>
        startFront(url, ({ headers }) =>
          headers['content-type']?.includes('.authenticate+json') === true
            ? {
                status: 400,
                answer: JSON.stringify({ code: 'VALIDATION_ERROR', details: [{ code: 'INVALID_MOBILE_PAYLOAD' }] }),
              }
            : undefined,
        ),
    });
    expect(wrongIn(checks)).toEqual([['pairing', expect.stringMatching(/^have the device driver return payloads/)]]);
  });
});

it.each([
  ['3', /^2\.x or 3\.x/],
  ['4', /^4\.0 or later \(pingone\.mfa\.device\.id is in a token\)/],
] as const)('doctor tells which integration kit answers: %s', async (kit, says) => {
  const seen = await visit({ settings: { kit } });
  expect(found(seen, 'kit')).toMatchObject({ is: 'right', found: expect.stringMatching(says) as string });
});
