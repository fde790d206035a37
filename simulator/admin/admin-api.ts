import { DecodeError } from '../../contract/decode.ts';
import { Refusal, ok } from '../answer.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Deployment } from '../deployment.ts';
import { forgetFlows } from '../faults/forget-flows.ts';
import { ADMIN_ERRORS, ADMIN_PATHS } from '../wire/admin-api.ts';
import type { AdminError, AdminErrorCode } from '../wire/admin-api.ts';
import { MAX_FAULTS, decodeFaults } from '../wire/faults.ts';
import type { Fault, FaultList } from '../wire/faults.ts';

const DONE: Answer = { httpStatus: 204, body: null, code: 'ok' };

/** GET faults: the active ones, and their hits. */
export function readFaults({ faults, counts }: Deployment): Answer {
  const list: FaultList = {
    faults: faults.list().map(({ fault, held }) => ({ fault, hits: counts.hitsOf(fault.name), held })),
  };
  return ok(list);
}

/** PUT faults: replaces all. */
export function replaceFaults(deployment: Deployment, call: Call): Answer {
  const list = readList(call);
  deployment.faults.removeAll();
  return addAll(deployment, list);
}

/** POST faults: adds some. */
export function addFaults(deployment: Deployment, call: Call): Answer {
  const list = readList(call);
  const more = list.filter(({ name }) => !deployment.faults.has(name)).length;
  if (deployment.faults.size + more > MAX_FAULTS) throw refuseAdmin('TOO_MANY_FAULTS');
  return addAll(deployment, list);
}

/** DELETE faults/{name}: ends one. */
export function removeFault({ faults }: Deployment, call: Call): Answer {
  const name = call.url.slice(ADMIN_PATHS.faults.length + 1).replace(/\?.*$/, '');
  if (!faults.remove(name)) throw refuseAdmin('UNKNOWN_FAULT');
  return DONE;
}

/** DELETE faults: ends all. */
export function removeFaults({ faults }: Deployment): Answer {
  faults.removeAll();
  return DONE;
}

function addAll(deployment: Deployment, list: readonly Fault[]): Answer {
  for (const fault of list) {
    const standing = deployment.faults.add(fault);
    if (fault.kind === 'forget-flows') forgetFlows(deployment, fault, standing);
  }
  return readFaults(deployment);
}

function readList(call: Call): readonly Fault[] {
  try {
    return decodeFaults(JSON.parse(call.body), 'faults');
  } catch (error) {
    if (error instanceof SyntaxError) throw refuseAdmin('INVALID_REQUEST', 'it is not JSON');
    if (error instanceof DecodeError) throw refuseAdmin('INVALID_REQUEST', error.message);
    throw error;
  }
}

function refuseAdmin(code: AdminErrorCode, detail?: string): Refusal {
  const { httpStatus, message } = ADMIN_ERRORS[code];
  const body: AdminError = { code, message: detail === undefined ? message : `${message}: ${detail}` };
  return new Refusal({ httpStatus, body, code });
}

/** GET counts: the record, including the flows open now. */
export function readCounts(deployment: Deployment): Answer {
  deployment.flows.sweep(deployment.now());
  return ok(deployment.counts.read(deployment.flows.byStatus()));
}

/** POST reset: restores the state at startup. */
export function resetAll(deployment: Deployment): Answer {
  deployment.flows.clear();
  deployment.codes.clear();
  deployment.faults.clear();
  deployment.accounts.resetAll();
  deployment.counts.reset();
  return DONE;
}
