import http from 'k6/http';
import { ADMIN_PATHS } from '../../simulator/wire/admin-api.ts';
import type { RunPlan } from '../../lib/run-plan.ts';
import { isExternal, standardFault } from './faults.ts';

/** A hook may run a slow command. */
const TIMEOUT = '5m';

const params = (expected: { min: number; max: number }) => ({
  headers: { 'Content-Type': 'application/json' },
  tags: { name: 'fault', peer: 'setup' },
  redirects: 0,
  responseType: 'text' as const,
  timeout: TIMEOUT,
  responseCallback: http.expectedStatuses(expected),
});

/** Starts or ends a fault through the simulator's admin API or a hook. Resolves to an error message, or undefined. */
export async function switchFault(
  { settings, target }: RunPlan,
  fault: string,
  edge: 'start' | 'end',
): Promise<string | undefined> {
  const all = `${target.pf}${ADMIN_PATHS.faults}`;
  const hook = edge === 'start' ? settings.faultStartUrl : settings.faultEndUrl;
  const request = isExternal(settings)
    ? http.asyncRequest('POST', hook, JSON.stringify({ fault, edge }), params({ min: 200, max: 299 }))
    : edge === 'start'
      ? http.asyncRequest('POST', all, JSON.stringify([standardFault(fault, settings)]), params({ min: 200, max: 299 }))
      : // 404: the fault has already ended.
        http.asyncRequest('DELETE', `${all}/${fault}`, null, params({ min: 200, max: 404 }));
  const res = await request;
  if ((res.status >= 200 && res.status < 300) || (edge === 'end' && !isExternal(settings) && res.status === 404))
    return;
  const whose = isExternal(settings) ? (edge === 'start' ? 'FAULT_START_URL' : 'FAULT_END_URL') : 'the simulator';
  const body = typeof res.body === 'string' ? ` ${res.body.slice(0, 300)}` : '';
  return `${whose} did not ${edge} the fault ${fault}: ${res.error || `HTTP ${res.status}`}${body}`;
}
