import http from 'k6/http';
import { FAULT_CONTROL } from '../../contract/command.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { FaultHits, FaultHitsByStep } from '../../simulator/wire/faults.ts';
import { PF_STEPS } from '../../catalogue/steps.ts';
import { jsonObject } from '../../lib/json-object.ts';
import { PREFLIGHT_PARAMS } from '../../lib/preflight-params.ts';
import type { RunPlan } from '../../lib/run-plan.ts';
import type { RunData } from '../../lib/preflight.ts';
import { adminUrl, switchFault } from './fault-control.ts';
import { faultSample } from './fault-metrics.ts';
import { faultNames, isNetworkFault, simulatorFaults } from './faults.ts';

/**
 * The simulator's counts of each fault, over all steps of PingFederate; undefined if it has none. (The phone's requests
 * can be hit, too, by a restart that forgot their push, but they are not counted on this side.)
 */
async function servedBy(run: RunPlan): Promise<Record<string, FaultHits> | undefined> {
  const faults = jsonObject(await http.asyncRequest('GET', adminUrl(run, 'counts'), null, PREFLIGHT_PARAMS))?.[
    'faults'
  ];
  if (typeof faults !== 'object' || faults === null) return undefined;
  const served: Record<string, FaultHits> = {};
  for (const name of simulatorFaults(run.settings)) {
    const bySteps = (faults as Record<string, FaultHitsByStep | undefined>)[name] ?? {};
    const sum = (how: keyof FaultHits): number =>
      PF_STEPS.reduce((total, step) => total + (bySteps[step]?.[how] ?? 0), 0);
    served[name] = { named: sum('named'), cut: sum('cut') };
  }
  return served;
}

/**
 * Before the load: the target must be a simulator without active faults, unless none of its faults is wanted. Remembers
 * its counts so far. Throws a ConfigurationError.
 */
export async function findFaultApi(plan: RunPlan): Promise<Partial<RunData>> {
  const network = faultNames(plan.settings).find(isNetworkFault);
  if (network !== undefined && __ENV[FAULT_CONTROL] === undefined) {
    throw new ConfigurationError(
      `FAULTS: ${network} is made by Toxiproxy, which only "pairstorm run resilience --toxiproxy URL" can ask for it; under k6 leave it out`,
    );
  }
  if (simulatorFaults(plan.settings).length === 0) return {};
  const { pf } = plan.target;
  const served = await servedBy(plan);
  if (served === undefined) {
    throw new ConfigurationError(
      `PF_BASE_URL: ${pf} is not a Pairstorm simulator, so faults cannot be injected there; set FAULT_START_URL and FAULT_END_URL, ` +
        'or run with --on-fault-start and --on-fault-end (docs/resilience.md)',
    );
  }
  const all = adminUrl(plan, 'faults');
  const list = jsonObject(await http.asyncRequest('GET', all, null, PREFLIGHT_PARAMS))?.['faults'];
  if (!Array.isArray(list) || list.length > 0) {
    throw new ConfigurationError(
      `PF_BASE_URL: faults are already active at ${pf}; end them with "curl -X DELETE ${all}"`,
    );
  }
  return { served };
}

/** After the load, even if it was stopped: ends all faults and records the simulator's counts. */
export async function endFaults(plan: RunPlan, { served: before = {} }: RunData): Promise<void> {
  for (const fault of faultNames(plan.settings)) {
    const wrong = await switchFault(plan, fault, 'end');
    if (wrong !== undefined) console.error(wrong);
  }
  if (simulatorFaults(plan.settings).length === 0) return;
  const served = await servedBy(plan);
  if (served === undefined) {
    console.error('the counts of the simulator are not available any more, so only one side of each fault is known');
    return;
  }
  for (const [fault, hits] of Object.entries(served)) {
    for (const how of ['named', 'cut'] as const) {
      const more = hits[how] - (before[fault]?.[how] ?? 0);
      if (more > 0) faultSample('faults_served', more, { fault, how });
    }
  }
}
