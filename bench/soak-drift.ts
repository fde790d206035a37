import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Drift } from '../analysis/drift/drift.ts';

/**
 * Checks that a soak of eight minutes, eight hours at a drift clock of 60, finds a step that gets slower by 1 %/h, and
 * no drift without one: `ROUNDS` runs of each, real command, real simulator. Prints all; exit code 1 if one is wrong.
 * Needs a quiet machine: a temporary slowdown of the simulator is a change of the target, and reported as such.
 */
const ROUNDS = 2;
const STEP = 'checkUsernamePassword';
const AGEING = ['latencyDrift=1', `latencyDriftStep=${STEP}`];

const entry = fileURLToPath(new URL('../cli/pairstorm.js', import.meta.url));

function soak(options: readonly string[]): Promise<Drift> {
  const results = mkdtempSync(join(tmpdir(), 'pairstorm-soak-'));
  const args = ['run', 'soak', '--quiet', '--drift-clock', '60', '--results', results];
  const flags = [
    ...['DURATION=8m', 'RAMP=1s', 'RATE=20'].flatMap((setting) => ['-e', setting]),
    ...['latencySigma=0.2', ...options].flatMap((option) => ['--simulator-option', option]),
  ];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [entry, ...args, ...flags], (error, _stdout, stderr) => {
      const folder = readdirSync(results)[0];
      if (folder === undefined) reject(new Error(stderr, { cause: error }));
      else resolve(JSON.parse(readFileSync(join(results, folder, 'drift.json'), 'utf8')) as Drift);
      rmSync(results, { recursive: true });
    });
  });
}

const perHour = (value: number | null | undefined): string => (value == null ? '?' : `${(100 * value).toFixed(2)} %`);

let wrong = 0;
for (let round = 1; round <= ROUNDS; round++) {
  // Side by side, so that a disturbance of the machine meets both.
  const nights = [AGEING, []].map(async (options) => [options, await soak(options)] as const);
  for (const [options, { series, verdict }] of await Promise.all(nights)) {
    const drifting = series
      .filter((one) => one.verdict === 'drifts' && one.kind !== 'generator')
      .map(({ name }) => name);
    const expected = options.length === 0 ? [] : [`p50(${STEP})`];
    const right =
      drifting.every((name) => expected.some((one) => name.endsWith(one.slice(3)))) &&
      drifting.length >= expected.length;
    if (!right) wrong += 1;
    const step = series.find(({ name }) => name === `p50(${STEP})`);
    console.log(
      `${right ? 'right' : 'WRONG'}: ${options.length === 0 ? 'nothing planted' : `1 %/h on ${STEP}`}: ${verdict}, drifting [${drifting.join(', ')}] of ${series.length}; ` +
        `p50(${STEP}) ${perHour(step?.perHour)} (${perHour(step?.low)} to ${perHour(step?.high)}), smallest ${perHour(step?.smallest)}`,
    );
  }
}
process.exitCode = wrong === 0 ? 0 : 1;
