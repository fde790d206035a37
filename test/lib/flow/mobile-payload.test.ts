import { startFront } from '../deployment/front.ts';
import { onStage, people } from '../deployment/stage.ts';
import { expect, test } from 'vitest';

/** Users who select a device and type its code, with the app on a phone. */
const selecting = people('F8');
const users = selecting.users
  .filter(({ phone, behaviour }) => phone !== null && behaviour.otp !== undefined)
  .slice(0, 2);

test.concurrent.each([
  ['android', ['authenticate', 'checkOtp', 'selectDevice']],
  ['ios', ['authenticate', 'selectDevice']],
  ['browser', ['authenticate']],
])('%s sends the mobile payload of the flow with %j, and nothing is refused for it', async (profile, carrying) => {
  await onStage({ ...selecting, users }, async (stage) => {
    const front = await startFront(stage.url);
    try {
      const { result, lines } = await stage.play({
        PF_BASE_URL: front.url,
        PHONE_URL: stage.phone,
        CLIENT_PROFILE: profile,
      });
      expect(result.exit, lines.join('\n')).toBe('pass');
      const carriers = front.seen.flatMap(({ headers, body }) => {
        const action = /pingidentity\.(\w+)/.exec(headers['content-type'] ?? '')?.[1];
        const payload = /"mobilePayload":"([\w-]+)"/.exec(body)?.[1];
        return payload === undefined ? [] : [[action, payload] as const];
      });
      expect([...new Set(carriers.map(([action]) => action))].sort()).toEqual(carrying);
      // One for each user, the same all the way.
      expect(new Set(carriers.map(([, payload]) => payload)).size).toBe(users.length);
    } finally {
      front.close();
    }
  });
});
