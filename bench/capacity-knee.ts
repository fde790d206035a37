import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SummaryData } from '../contract/figures.ts';
import { heldRate, levelsOf } from '../scenarios/capacity/held-rate.ts';

/**
 * Checks that `capacity` finds what queueing theory predicts. A server of W workers that take s seconds per request
 * answers at most W/s requests per second; with r requests per flow (measured) that is W/(s·r) flows per second, beyond
 * which the queue grows without end. Prints both; exit code 1 if they differ by more than LIMIT.
 */
const WORKERS = 8;
const SERVICE_MS = 20;
const LIMIT = 0.15;
const ROUNDS = 3;
const SEARCH = { startRate: 40, stepRate: 3, maxRate: 97, stepMs: 5000 };

const entry = fileURLToPath(new URL('../cli/pairstorm.js', import.meta.url));
const settings = [
  `START_RATE=${SEARCH.startRate}`,
  `STEP_RATE=${SEARCH.stepRate}`,
  `MAX_RATE=${SEARCH.maxRate}`,
  `STEP_DURATION=${SEARCH.stepMs}ms`,
  'TIME_SCALE=0.1',
  'P95_MS=200',
];
const simulator = [`workers=${WORKERS}`, `latencyMs=${SERVICE_MS}`, 'latencySigma=0'];

/** Runs one search and returns its summary. */
function search(): Promise<SummaryData> {
  const results = mkdtempSync(join(tmpdir(), 'pairstorm-capacity-'));
  const args = ['run', 'capacity', '--quiet', '--json', '--results', results];
  const flags = [
    ...settings.flatMap((setting) => ['-e', setting]),
    ...simulator.flatMap((option) => ['--simulator-option', option]),
  ];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [entry, ...args, ...flags], (error, _stdout, stderr) => {
      const folder = readdirSync(results)[0];
      if (folder === undefined) reject(new Error(stderr, { cause: error }));
      else resolve(JSON.parse(readFileSync(join(results, folder, 'summary.json'), 'utf8')) as SummaryData);
      rmSync(results, { recursive: true });
    });
  });
}

let worst = 0;
for (let round = 1; round <= ROUNDS; round++) {
  const summary = await search();
  const count = (selector: string): number => summary.metrics[selector]?.values['count'] ?? 0;
  const { held, broke, broken } = heldRate(summary, levelsOf(SEARCH));
  const level = held?.level ?? '01';
  const requests = count(`http_reqs{level:${level},peer:pf}`) / count(`flows{level:${level}}`);
  const theory = WORKERS / ((SERVICE_MS / 1000) * requests);
  const ratio = (held?.rate ?? 0) / theory;
  worst = Math.max(worst, Math.abs(1 - ratio));
  console.log(
    `held ${held?.rate ?? 0} flows/s, broke at ${broke?.rate ?? '-'} (${broken.join(', ')}); theory ${theory.toFixed(1)} flows/s ` +
      `(${requests.toFixed(2)} requests a flow); ratio ${ratio.toFixed(3)}`,
  );
}
console.log(`furthest from theory: ${(worst * 100).toFixed(1)} % (limit ${LIMIT * 100} %)`);
process.exitCode = worst > LIMIT ? 1 : 0;
