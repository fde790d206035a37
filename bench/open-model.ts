import { loadavg } from 'node:os';
import { exitOnSignals } from './child-process.ts';
import { productRun } from './product-run.ts';

/**
 * Open model: dist/load.js at a fixed rate of flow starts against the simulator, both on this machine. Checks that
 * every start happened, and its start lag. Arguments: starts per second (500), seconds (60).
 */
exitOnSignals();
const [rate = 500, seconds = 60] = process.argv.slice(2).map(Number);
const [before] = loadavg();
const run = await productRun(rate, seconds);
const lag = run.ownDelay?.startLag;
console.log('| what | figure | bar |');
console.log('|---|---|---|');
console.log(`| flows started of ${rate * seconds} planned in ${seconds} s | ${run.flows} | |`);
console.log(`| dropped iterations | ${run.dropped} | 0 |`);
console.log(`| start lag, p99 | ${lag?.p99Ms.toFixed(1) ?? ''} ms | ≤ 20 ms |`);
console.log(`| start lag, most | ${lag?.maxMs.toFixed(1) ?? ''} ms | |`);
console.log(
  `| CPU of the engine, the waits at the end included | ${run.ownDelay?.cpuCores.toFixed(2) ?? ''} cores | |`,
);
console.log(`| verdict | ${run.verdict}${run.reason === undefined ? '' : `: ${run.reason.slice(0, 120)}`} | |`);
console.log(`| load of the machine before it (1 min) | ${before!.toFixed(1)} | |`);
