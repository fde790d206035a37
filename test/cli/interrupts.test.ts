import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { draw } from '../../contract/draw.ts';
import { emptyFolder, start, writeInventory } from './command.ts';

/** `npm run check:interrupts` tries 20 moments. */
const MOMENTS = Number(process.env['INTERRUPTS'] ?? 1);
const SEED = Number(process.env['INTERRUPTS_SEED'] ?? Date.now() % 1e6);
/** They wait for most of their time, so two at a time fit on two cores. */
const TOGETHER = 2;
/** Longer than the run, so that some come too late. */
const WITHIN_MS = 7_000;

interface Result {
  readonly flows: number;
  readonly interrupted: number;
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly verdict: string;
}

test(
  `Ctrl-C at any moment leaves a correct summary (seed ${SEED})`,
  async () => {
    const folder = emptyFolder();
    writeInventory(join(folder, 'people.json'), 2000);
    const interrupt = async (at: number): Promise<void> => {
      const results = join(folder, String(at));
      const run = start(folder, ['run', 'load', '--json', '--allow-invalid', '--workers', '2', '--results', results], {
        INVENTORY: join(folder, 'people.json'),
        RATE: '40',
        RAMP: '1s',
        DURATION: '3s',
        TIME_SCALE: '0.1',
      });
      const timers = [setTimeout(() => run.child.kill('SIGINT'), draw(SEED, at, 'moment') * WITHIN_MS)];
      const second = draw(SEED, at, 'second');
      if (second < 0.5) {
        // Not at the same instant: two equal signals would be one.
        const laterMs = draw(SEED, at, 'moment') * WITHIN_MS + 50 + second * 1_000;
        timers.push(setTimeout(() => run.child.kill('SIGINT'), laterMs));
      }
      const { code, stdout, stderr } = await run.ended;
      for (const timer of timers) clearTimeout(timer);
      const what = `moment ${at}: exit ${code}\n${stderr}`;
      // Before the first virtual user there is nothing to tell of; the process just ends. So it does when all has been told.
      if (run.child.signalCode === 'SIGINT' && stdout === '') return;
      const result = JSON.parse(stdout) as Result;
      const ended = Object.values(result.outcomes).flatMap((outcomes) => Object.values(outcomes));
      expect(result.flows, what).toBe(ended.reduce((sum, count) => sum + count, 0) + result.interrupted);
      expect(['pass', 'fail', 'interrupted'], what).toContain(result.verdict);
      expect(stderr, what).not.toContain('RECORDS DISAGREE');
      expect(stderr, what).not.toMatch(/\n\s+at /);
      const kept = join(results, readdirSync(results)[0]!);
      expect(JSON.parse(readFileSync(join(kept, 'result.json'), 'utf8')), what).toEqual(result);
    };
    for (let at = 0; at < MOMENTS; at += TOGETHER)
      await Promise.all(Array.from({ length: Math.min(TOGETHER, MOMENTS - at) }, (_, next) => interrupt(at + next)));
  },
  MOMENTS * 60_000,
);
