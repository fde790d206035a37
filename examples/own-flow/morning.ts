import { Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import { flowOptions, playFlow, prepareFlows } from 'pairstorm/lib';
import type { FlowData } from 'pairstorm/lib';

export const options: Options = {
  ...flowOptions,
  scenarios: {
    // A few at their desks already, then everybody at once.
    early: { executor: 'shared-iterations', exec: 'early', vus: 5, iterations: 10 },
    rush: { executor: 'constant-arrival-rate', exec: 'rush', rate: 10, duration: '2s', preAllocatedVUs: 25 },
  },
  thresholds: {
    outcome_mismatch: ['rate==0'],
    flow_outcomes: ['count>=25'],
    'flow_duration{scenario:rush}': ['p(95)<10000'],
    time_to_token: ['p(95)<120000'],
  },
};

/** From the first request to the token, with all that people took their time for. */
const timeToToken = new Trend('time_to_token', true);

/** Looks at the target before any load, and puts the accounts back. */
export const setup = prepareFlows;

export async function early(data: FlowData): Promise<void> {
  await playFlow(data);
}

export async function rush(data: FlowData): Promise<void> {
  const began = Date.now();
  // The first ten users are in flows of `early`.
  const { outcome } = await playFlow(data, { from: 10 });
  if (outcome === 'authenticated' || outcome === 'device_paired') timeToToken.add(Date.now() - began);
}
