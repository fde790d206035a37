import { afterAll, describe, expect, it } from 'vitest';
import { emptyFolder, start } from '../command.ts';
import { follower, liveUrl, textOf } from './follower.ts';
import type { Running } from '../command.ts';

const started: Running[] = [];
afterAll(() => started.forEach(({ child }) => void child.kill('SIGKILL')));

describe.runIf(process.env['LIVE'] !== undefined).concurrent('the live page of', () => {
  it.each([
    [
      ...['capacity', 'the search'],
      { START_RATE: '4', STEP_RATE: '4', MAX_RATE: '12', STEP_DURATION: '6s', TIME_SCALE: '0.05' },
      /(\d+ flows\/s held|No rate has held yet); (\d+ flows\/s is being played|\d+ flows\/s did not)/,
      ['s-phases'],
    ],
    [
      ...['soak', 'the drift so far'],
      { RATE: '5', RAMP: '1s', DURATION: '25s', TIME_SCALE: '0.05' },
      /thresholds? holds? so far.*(not known|too short|no drift|drift)/i,
      ['s-drift'],
    ],
    [
      ...['resilience', 'the fault and its recovery'],
      {
        ...{ RATE: '6', RAMP: '1s', FAULTS: 'unavailable', STEADY_DURATION: '8s', FAULT_DURATION: '6s' },
        ...{ RECOVERY_DURATION: '12s', TIME_SCALE: '0.05' },
      },
      /(fault|recovery) unavailable/,
      ['s-resilience'],
    ],
  ] as const)('%s shows %s', { timeout: 300_000 }, async (scenario, _what, env, says, parts) => {
    const run = start(emptyFolder(), ['run', scenario, '--live', '--allow-invalid', '--interval', '1s'], env);
    started.push(run);
    const page = follower(await liveUrl(run));
    await Promise.all([
      page.until((shown) => says.test(textOf(`${shown.get('time') ?? ''} ${shown.get('head') ?? ''}`))),
      page.until((shown) => parts.every((part) => shown.has(part))),
    ]);
    const { stderr } = await run.ended;
    await page.closed;
    expect(page.end()?.title, stderr).toMatch(new RegExp(`^\\w+: ${scenario}, `));
  });
});
