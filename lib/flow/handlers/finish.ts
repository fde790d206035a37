import { PAIRING_OUTCOMES } from '../../../contract/outcomes.ts';
import type { Outcome } from '../../../contract/outcomes.ts';
import { sample } from '../../metrics.ts';
import { endingAt, isDriversFault } from '../flow-run.ts';
import type { Ending, FlowRun, Handler } from '../flow-run.ts';
import { statusValue, tokenClaims } from '../status-claim.ts';

const PAIRING: readonly string[] = PAIRING_OUTCOMES;

/** The outcome that the status attribute tells. pairing_error is found here and nowhere else: on the wire it is a success. */
function outcomeOf(value: string | undefined): Outcome {
  if (value === undefined) return 'unverified';
  return PAIRING.includes(value) ? (value as Outcome) : 'authenticated';
}

function countPairing(run: FlowRun, machineMs: number, outcome: Outcome): void {
  const platform = run.user.phone?.platform ?? 'none';
  sample('pairing_duration', machineMs - run.machineMsAtAuthenticate, { platform });
  // What a broken driver makes of a pairing says nothing about the target's.
  if (outcome === 'unverified' || isDriversFault(run, outcome)) return;
  sample('pairing_error_rate', outcome === 'pairing_error', { platform });
}

type Claims = Readonly<Record<string, unknown>> | undefined;

/** The claims in which the deployment puts the status attribute (PF_STATUS_FROM), or how the flow ends without them. */
async function claimsOf(
  { client, settings }: FlowRun,
  accessToken: string | undefined,
  idToken: string | undefined,
): Promise<readonly Claims[] | Ending> {
  switch (settings.statusFrom) {
    case 'tokens':
      return [tokenClaims(accessToken), tokenClaims(idToken)];
    case 'access_token':
      return [tokenClaims(accessToken)];
    case 'id_token':
      return [tokenClaims(idToken)];
    case 'userinfo':
    case 'introspection': {
      if (accessToken === undefined) return [];
      const answer = await client.claims(settings.statusFrom === 'userinfo' ? 'userinfo' : 'introspect', accessToken);
      if (answer.is === 'gone') return endingAt({ ...answer, is: 'refused' });
      return answer.is === 'claims' ? [answer.claims] : endingAt(answer);
    }
  }
}

/** COMPLETED: code → token; reads the status attribute. A code that is redeemed a second time must be refused. */
export const finish: Handler = async (run, flow) => {
  const { client, user, settings, verifier, state } = run;
  const { code, access_token, id_token, state: echoed } = flow.authorizeResponse ?? {};
  if (echoed !== undefined && echoed !== state) {
    return { outcome: 'protocol_error', reason: 'COMPLETED with the state of another flow' };
  }
  let [accessToken, idToken] = [access_token, id_token];
  if (typeof code === 'string') {
    const answer = await client.token(code, verifier);
    if (answer.is !== 'tokens') return endingAt(answer.is === 'gone' ? { ...answer, is: 'refused' } : answer);
    [accessToken, idToken] = [answer.accessToken, answer.idToken];
    if (user.behaviour.token === 'replayed') {
      const again = await client.token(code, verifier, 'refused');
      if (again.is !== 'tokens')
        return again.is === 'refused' ? { outcome: 'refused', reason: again.code } : endingAt(again);
    }
  } else if (typeof access_token !== 'string') {
    return { outcome: 'protocol_error', reason: 'COMPLETED without a code or a token' };
  }
  const machineMs = client.machineMs;
  const claims = await claimsOf(run, accessToken, idToken);
  if ('outcome' in claims) return claims;
  const outcome = outcomeOf(statusValue(claims, settings.statusClaim));
  if (run.pairingReached) countPairing(run, machineMs, outcome);
  const absent = `the status attribute is not in ${settings.statusFrom === 'tokens' ? 'any token' : settings.statusFrom}`;
  return { outcome, reason: outcome === 'unverified' ? absent : 'token received' };
};
