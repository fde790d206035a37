import { expect, test } from 'vitest';
import { faultOf } from '../../engine/honesty/own-delay.ts';
import { runScript } from './script-fixture.ts';

const BLOCKING = `
  exports.options = { thresholds: { iterations: ['count<1'] }, scenarios: { s: { executor: 'per-vu-iterations', vus: 1, iterations: 4 } } };
  exports.default = () => { const until = Date.now() + 700; while (Date.now() < until); };
`;

test('a run whose generator was blocked is invalid, whatever its thresholds say', async () => {
  const result = await runScript(BLOCKING);
  expect(result).toMatchObject({ exit: 'invalid', exitCode: 120, verdict: 'invalid' });
  expect(result.reason).toContain('its event loop was blocked');
}, 20_000);

test('--allow-invalid keeps the verdict that the thresholds give, but says so', async () => {
  const result = await runScript(BLOCKING, { allowInvalid: true });
  expect(result.exitCode).toBe(99);
  expect(result.warnings.join()).toContain('invalid, but allowed');
}, 20_000);

test('pauses for garbage collection are measured: their share of the time, and the longest', async () => {
  const { ownDelay, durationMs } = await runScript(`
    exports.options = { iterations: 20 };
    exports.default = async () => {
      const kept = [];
      for (let i = 0; i < 100000; i++) kept.push({ i });
      await new Promise((resolve) => setTimeout(resolve, 1));
    };`);
  // Twenty times some megabytes: more than the young generation holds, on any Node.
  const { share, maxMs } = ownDelay!.gc;
  expect(maxMs).toBeGreaterThan(0);
  expect(share * durationMs).toBeGreaterThanOrEqual(maxMs - 0.001);
});

test('starts that are late while a VU is free are a fault; a run too short for a p99 is not judged', () => {
  const delay = {
    eventLoop: { p99Ms: 1, maxMs: 2 },
    startLag: { p99Ms: 900, maxMs: 950 },
    cpuCores: 1,
    gc: { share: 0, maxMs: 0 },
  };
  expect(faultOf(delay, 10_000)).toContain('started late though a VU was free, by 900 ms');
  expect(faultOf(delay, 1_000)).toBeUndefined();
});
