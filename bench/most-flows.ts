import { exitOnSignals } from './child-process.ts';
import { productRun } from './product-run.ts';

/**
 * How many flow starts a second one process holds with 1 and with 2 worker threads: the last rate of a ladder before the
 * run of dist/load.js does not pass. `invalid`: the engine was the limit; `fail`: the simulator, which is on this machine and has
 * one thread. Arguments: first rate (300), seconds of each run (20).
 */
exitOnSignals();
const [first = 300, seconds = 20] = process.argv.slice(2).map(Number);
const STEP = 1.2;
const MOST_RUNS = 12;

console.log('| worker threads | held, flows/s | start lag p99 | CPU of the engine | not held, flows/s | why |');
console.log('|--:|--:|---|---|--:|---|');
for (const workers of [1, 2]) {
  let rate = first;
  let held = '| none | | ';
  let broken = '| | ';
  for (let run = 0; run < MOST_RUNS; run++) {
    const { verdict, reason = '', ownDelay } = await productRun(rate, seconds, { workers });
    console.error(`${workers} workers, ${rate} flows/s: ${verdict} ${reason}`);
    if (verdict !== 'pass') {
      broken = `| ${rate} | ${verdict}: ${reason.slice(0, 120)}`;
      break;
    }
    held = `| ${rate} | ${ownDelay?.startLag?.p99Ms.toFixed(1) ?? ''} ms | ${ownDelay?.cpuCores.toFixed(2) ?? ''} cores `;
    rate = Math.round(rate * STEP);
  }
  console.log(`| ${workers} ${held}${broken} |`);
}
