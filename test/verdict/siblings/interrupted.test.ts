import { describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { emptyFolder, start } from '../../cli/command.ts';
import { play, readPlayed, settings } from '../played.ts';
import { frontBefore } from './front.ts';
import { CALM, crowd, deployed, expectGreen, expectRed, folder, INVENTORY, siblings, written } from './stage.ts';

siblings('flows that do not end', () => {
  // They wait, for a minute each: side by side.
  describe.concurrent('6: flows that are interrupted at the end', () => {
    it('none is, of users who need a minute for a code', async () => {
      const otp = { wrong: 0, afterMs: 60_000 };
      const slow = crowd(
        ({ kind, prescribed, behaviour }) =>
          kind === 'F7' && prescribed === 'authenticated' && behaviour.otp?.wrong === 0,
      );
      const inventory = {
        ...slow,
        users: slow.users.map((user) => ({ ...user, behaviour: { ...user.behaviour, otp } })),
      };
      const patient = ['flowIdleMs=200000', 'otpMs=200000'].flatMap((option) => ['--simulator-option', option]);
      const played = await play(['load', '--gate', ...CALM, ...patient, ...settings('RATE=5 RAMP=0s DURATION=12s')], {
        INVENTORY: written(inventory),
      });
      expect(played.finding('flows_interrupted')).toBeUndefined();
      expect(played.said).toContain('interrupted 0');
      expectGreen(played);
    });

    it.each([
      // The plan waits for whatever the target holds: requests time out, and that is what is said.
      ['as errors there', settings('RATE=10 RAMP=0s DURATION=4s')],
      // An option of k6's waits half a minute.
      ['as interrupted', ['--vus', '30', '--duration', '4s']],
    ])('those that the target holds at checkOtp are named by kind, %s', async (title, load) => {
      const inventory = crowd(() => true);
      const url = await deployed(inventory, { timeScale: 0.05 });
      const front = await frontBefore(url, (action) => (action === 'checkOtp' ? 'hang' : 'pass'));
      const env = { PF_BASE_URL: front, INVENTORY, TIME_SCALE: '0.05' };
      const played = await play(['load', '--gate', '--allow-invalid', ...load], env);
      expectRed(played);
      if (title === 'as interrupted') {
        const { kinds } = played.finding('flows_interrupted')!.data as { kinds: Record<string, number> };
        expect(Object.keys(kinds)).toContain('F7');
        expect(Object.keys(kinds)).not.toContain('F1');
        expect(played.last).toMatch(/flows were interrupted at the end of the run.*F7/);
      } else expect(played.last).toMatch(/flows .*ended as http_error: .*at checkOtp/);
    });

    it('those that were interrupted by whoever stopped the run say nothing', async () => {
      const results = join(emptyFolder(), 'results');
      const running = start(
        folder,
        ['run', 'load', ...CALM, ...settings('RATE=10 RAMP=0s DURATION=30s'), '--results', results],
        { INVENTORY },
      );
      await running.says(/accounts reset/);
      await pause(2_000);
      running.child.kill('SIGINT');
      const played = readPlayed(await running.ended, results);
      expect(played.code).toBe(105);
      expect(played.finding('flows_interrupted')).toBeUndefined();
    });
  });
});
