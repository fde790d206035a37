import { run } from '../engine/run.ts';

/**
 * One process that plays flows with the whole product: dist/smoke.js on the engine. Arguments: target, inventory, flows,
 * virtual users. Fails if a flow did not end as prescribed.
 */
const [target, inventory, flows, vus] = process.argv.slice(2);
const result = await run({
  bundlePath: 'dist/smoke.js',
  env: { PF_BASE_URL: target!, INVENTORY: inventory!, FLOWS: flows!, VUS: vus! },
});
const ended = result.summary.metrics['flow_outcomes']?.values['count'];
const mismatch = result.summary.metrics['outcome_mismatch']?.values['rate'];
if (ended !== Number(flows) || mismatch !== 0)
  throw new Error(`${String(ended)} flows ended, mismatch ${String(mismatch)}, ${result.reason ?? result.verdict}`);
