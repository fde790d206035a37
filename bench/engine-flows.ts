import { run } from '../engine/run.ts';

/**
 * One process that plays flows with the whole product: dist/smoke.js on the engine. Arguments: target, inventory, flows,
 * virtual users. Says its CPU seconds to the parent.
 */
const [target, inventory, flows, vus] = process.argv.slice(2);
const result = await run({
  bundlePath: 'dist/smoke.js',
  env: { PF_BASE_URL: target!, INVENTORY: inventory!, FLOWS: flows!, VUS: vus! },
});
const { user, system } = process.cpuUsage();
const outcomes = result.summary.metrics['flow_outcomes']?.values['count'];
const mismatch = result.summary.metrics['outcome_mismatch']?.values['rate'];
process.send!({ cpuSeconds: (user + system) / 1e6, flows: outcomes, mismatch });
process.disconnect();
