import { findingWords } from '../../catalogue/finding-words.ts';
import { generatorFindings } from '../../contract/run-findings.ts';
import type { OwnDelay } from '../../contract/run-findings.ts';
import { emptyFolder, scriptFile, start } from '../cli/command.ts';
import { runInWorkers } from './compiled-engine.ts';
import { runScript } from './script-fixture.ts';
import { expect, test } from 'vitest';

const BLOCKING = `
  exports.options = { thresholds: { iterations: ['count<1'] }, scenarios: { s: { executor: 'per-vu-iterations', vus: 1, iterations: 4 } } };
  exports.default = () => { const until = Date.now() + 700; while (Date.now() < until); };
`;

test('a run whose generator was blocked is invalid, whatever its thresholds say', async () => {
  const result = await runScript(BLOCKING, { allowInvalid: false });
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
  expect(findingWords(generatorFindings(delay, 10_000))).toContain('started late though a VU was free, by 900 ms');
  expect(generatorFindings(delay, 1_000)).toEqual([]);
});

const DELAY: OwnDelay = {
  eventLoop: { p99Ms: 1, maxMs: 2 },
  startLag: null,
  cpuCores: 1,
  gc: { share: 0, maxMs: 0 },
};

test('a stall of more than a second is a fault in a run of any length; shorter ones are by their share of it', () => {
  const found = (lostMs: number, maxMs: number, durationMs: number): readonly string[] =>
    generatorFindings({ ...DELAY, stalls: { lostMs, maxMs } }, durationMs).map(({ code }) => code);
  expect(found(1_001, 1_001, 1_500)).toEqual(['generator_stalled']);
  expect(found(1_000, 1_000, 1_500)).toEqual([]);
  expect(found(1_300, 400, 60_000)).toEqual(['generator_stalled']);
  expect(found(1_300, 400, 3_600_000)).toEqual([]);
  // Records of before do not say.
  expect(generatorFindings(DELAY, 60_000)).toEqual([]);
});

/** One iteration of many stands still; nobody sees it at p99. */
const STALLING = `
  exports.options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 2, iterations: 300 } } };
  exports.default = async () => {
    if (__VU === 2 && __ITER === 100) { const until = Date.now() + 1100; while (Date.now() < until); }
    await new Promise((resolve) => setTimeout(resolve, 5));
  };`;

test.each([0, 2])(
  'a thread that stood still for a second makes the run invalid (%i worker threads)',
  async (workers) => {
    const options = { allowInvalid: false };
    const result = await (workers === 0 ? runScript(STALLING, options) : runInWorkers(STALLING, options));
    expect(result).toMatchObject({ exitCode: 120, iterations: { completed: 600 } });
    expect(result.ownDelay!.stalls!.maxMs).toBeGreaterThan(1_000);
    expect(result.reason).toMatch(
      /^the load generator stalled for [\d.]+ m?s in total, up to [\d.]+ m?s at a time, so the numbers/,
    );
  },
  20_000,
);

test('what stands still before the first iteration is none of the load', async () => {
  const { ownDelay } = await runScript(`
    exports.options = { scenarios: { s: { executor: 'shared-iterations', vus: 1, iterations: 1, startTime: '500ms' } } };
    exports.setup = () => { const until = Date.now() + 1100; while (Date.now() < until); };
    exports.default = () => {};`);
  expect(ownDelay!.stalls!.maxMs).toBeLessThan(1_100);
});

test('a run whose process was stopped for a while is invalid', async () => {
  const folder = emptyFolder();
  const script = scriptFile(
    folder,
    'steady.js',
    `exports.options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 2, iterations: 200, maxDuration: '1m' } } };
     exports.default = async () => {
       if (__ITER === 20) console.log('well under way');
       await new Promise((resolve) => setTimeout(resolve, 10));
     };`,
  );
  const running = start(folder, ['run', script]);
  await running.says('well under way');
  running.child.kill('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  running.child.kill('SIGCONT');
  const { code, stderr } = await running.ended;
  expect(stderr).toContain('the load generator stalled for');
  expect(code).toBe(120);
}, 30_000);
