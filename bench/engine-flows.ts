import { closeSync, openSync, writeSync } from 'node:fs';
import { encodeInterval } from '../record/series-file.ts';
import { run } from '../engine/run.ts';

/**
 * Process that plays flows with the whole product: dist/smoke.js on the engine. Arguments: target, inventory, flows,
 * virtual users; optionally worker threads, and a file for the series of the run record. Fails if a flow did not have
 * the expected outcome. Tells a parent process how long it stood still for garbage collection.
 */
const [target, inventory, flows, vus, workers = '0', record] = process.argv.slice(2);
const series = record === undefined ? undefined : openSync(record, 'w');
const result = await run({
  bundlePath: 'dist/smoke.js',
  knownCalls: true,
  env: { PF_BASE_URL: target!, INVENTORY: inventory!, FLOWS: flows!, VUS: vus! },
  workers: Number(workers),
  ...(series === undefined
    ? {}
    : { onInterval: (interval) => void writeSync(series, `${encodeInterval(interval)}\n`) }),
});
if (series !== undefined) closeSync(series);
process.send?.({ gc: result.ownDelay!.gc });
const ended = result.summary.metrics['flow_outcomes']?.values['count'];
const mismatch = result.summary.metrics['outcome_mismatch']?.values['rate'];
if (ended !== Number(flows) || mismatch !== 0)
  throw new Error(`${String(ended)} flows ended, mismatch ${String(mismatch)}, ${result.reason ?? result.verdict}`);
