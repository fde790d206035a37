import { PAIRING_OUTCOMES } from '../../../contract/outcomes.ts';
import type { Outcome } from '../../../contract/outcomes.ts';
import { sample } from '../../metrics.ts';
import { endingAt } from '../flow-run.ts';
import type { FlowRun, Handler } from '../flow-run.ts';
import { statusValue } from '../status-claim.ts';

const PAIRING: readonly string[] = PAIRING_OUTCOMES;

/** The outcome that the status attribute tells. pairing_error is found here and nowhere else: on the wire it is a success. */
function outcomeOf(value: string | undefined): Outcome {
  if (value === undefined) return 'unverified';
  return PAIRING.includes(value) ? (value as Outcome) : 'authenticated';
}

function countPairing(run: FlowRun, outcome: Outcome): void {
  const platform = run.user.phone?.platform ?? 'none';
  sample('pairing_duration', run.client.machineMs - run.machineMsAtAuthenticate, { platform });
  if (outcome !== 'unverified') sample('pairing_error_rate', outcome === 'pairing_error', { platform });
}

/** COMPLETED: code → token; reads the status attribute. */
export const finish: Handler = async (run, flow) => {
  const { client, settings, verifier, state } = run;
  const { code, access_token, id_token, state: echoed } = flow.authorizeResponse ?? {};
  if (echoed !== undefined && echoed !== state) {
    return { outcome: 'protocol_error', reason: 'COMPLETED with the state of another flow' };
  }
  let tokens: readonly (string | undefined)[] = [access_token, id_token];
  if (typeof code === 'string') {
    const answer = await client.token(code, verifier);
    if (answer.is !== 'tokens') return endingAt(answer.is === 'gone' ? { ...answer, is: 'refused' } : answer);
    tokens = [answer.accessToken, answer.idToken];
  } else if (typeof access_token !== 'string') {
    return { outcome: 'protocol_error', reason: 'COMPLETED without a code or a token' };
  }
  const outcome = outcomeOf(statusValue(tokens, settings.statusClaim));
  if (run.pairingReached) countPairing(run, outcome);
  return { outcome, reason: outcome === 'unverified' ? 'no token carries the status attribute' : 'token received' };
};
