import http from 'k6/http';
import { FAULT_CONTROL, PAST_TOXIPROXY } from '../../contract/command.ts';
import { ADMIN_PATHS } from '../../simulator/wire/admin-api.ts';
import type { RunPlan } from '../../lib/run-plan.ts';
import { isExternal, isNetworkFault, standardFault } from './faults.ts';

/** A hook may run a slow command; the command stops its own after five minutes. */
const TIMEOUT = '310s';

const params = (expected: { min: number; max: number }) => ({
  headers: { 'Content-Type': 'application/json' },
  tags: { name: 'fault', peer: 'setup' },
  redirects: 0,
  responseType: 'text' as const,
  timeout: TIMEOUT,
  responseCallback: http.expectedStatuses(expected),
});

/** The simulator's admin API; Toxiproxy, which stands between users and target, is passed by. */
export const adminUrl = ({ target }: RunPlan, path: keyof typeof ADMIN_PATHS): string =>
  (__ENV[PAST_TOXIPROXY] ?? target.pf) + ADMIN_PATHS[path];

/** Who starts and ends the faults of a run, as an error names it. */
function maker({ settings }: RunPlan, edge: 'start' | 'end'): string {
  if (isExternal(settings)) return edge === 'start' ? 'FAULT_START_URL' : 'FAULT_END_URL';
  return __ENV[FAULT_CONTROL] === undefined ? 'the simulator' : 'pairstorm';
}

/**
 * Starts or ends a fault: through a hook, the command that runs this script (FAULT_CONTROL), or the simulator's admin
 * API. Resolves to an error message, or undefined.
 */
export async function switchFault(run: RunPlan, fault: string, edge: 'start' | 'end'): Promise<string | undefined> {
  const { settings } = run;
  const all = adminUrl(run, 'faults');
  const control = __ENV[FAULT_CONTROL];
  const post = (url: string, content: unknown) =>
    http.asyncRequest('POST', url, JSON.stringify(content), params({ min: 200, max: 299 }));
  const starts = edge === 'start';
  const request = isExternal(settings)
    ? post(starts ? settings.faultStartUrl : settings.faultEndUrl, { fault, edge })
    : control !== undefined
      ? post(control, { fault, edge, ...(!isNetworkFault(fault) && { definition: standardFault(fault, settings) }) })
      : starts
        ? post(all, [standardFault(fault, settings)])
        : // 404: the fault has already ended.
          http.asyncRequest('DELETE', `${all}/${fault}`, null, params({ min: 200, max: 404 }));
  const res = await request;
  const ended = !starts && !isExternal(settings) && control === undefined && res.status === 404;
  if (ended || (res.status >= 200 && res.status < 300)) return;
  const body = typeof res.body === 'string' ? ` ${res.body.slice(0, 300)}` : '';
  return `${maker(run, edge)} did not ${edge} the fault ${fault}: ${res.error || `HTTP ${res.status}`}${body}`;
}
