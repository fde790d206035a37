import { act, askClaims, redeemCode } from '../client.ts';
import { PAIRING_OUTCOMES } from '../../../catalogue/outcomes.ts';
import type { Outcome } from '../../../catalogue/outcomes.ts';
import { BYPASS_VALUES, STATUS_REASON_ATTRIBUTE } from '../../../protocol/status-attribute.ts';
import { sample } from '../../metrics.ts';
import { endingAt } from '../ending.ts';
import type { Ending } from '../ending.ts';
import { follow, isDriversFault } from '../flow-run.ts';
import type { FlowRun, Handler } from '../flow-run.ts';
import { isPlayed } from '../path.ts';
import { statusValue, tokenClaims } from '../status-claim.ts';
import { tidy } from '../words.ts';

const PAIRING: readonly string[] = PAIRING_OUTCOMES;

type Claims = Readonly<Record<string, unknown>> | undefined;

/** Whether the status attribute contradicts the factor that was played. */
function saysBypassed(value: string, { factor }: FlowRun): boolean {
  for (const known of BYPASS_VALUES.split(' ')) {
    if (known.endsWith('*') ? value.startsWith(known.slice(0, -1)) : value === known) return true;
  }
  if (value.endsWith('_fido')) return true;
  return factor === 'push' ? value.endsWith('_sms') || value.endsWith('_email') : false;
}

/**
 * Outcome of a completed flow (protocol.md section 5). Without its factor it is bypassed, whatever the token says;
 * without the attribute it is unverified. pairing_error shows only here: on the wire it is a success.
 */
function outcomeOf(run: FlowRun, value: string | undefined): Outcome {
  if (!isPlayed(run)) return run.turnedFrom === undefined ? 'bypassed' : 'not_driven';
  if (value === undefined) return 'unverified';
  if (PAIRING.includes(value)) return value as Outcome;
  return saysBypassed(value, run) ? 'bypassed' : 'authenticated';
}

/** The reason in one sentence. `why`: the deployment's own reason. */
function reasonOf(run: FlowRun, outcome: Outcome, value: string | undefined, why: string): string {
  switch (outcome) {
    case 'bypassed':
      return `let in ${isPlayed(run) ? 'without MFA' : 'before a factor was used'}: ${tidy(value ?? 'no_status_value')}${why}`;
    case 'not_driven':
      return require('../other-state.ts').notDriven(run.turnedFrom ?? '').reason;
    case 'unverified': {
      const { statusFrom } = run.settings;
      return `the status attribute is not in ${statusFrom === 'tokens' ? 'any token' : statusFrom}`;
    }
    case 'pairing_error':
    case 'device_not_paired':
      return run.phoneTrouble ?? `the status attribute says ${outcome}${why}`;
    default:
      return 'token received';
  }
}

/** The kit's reason next to the status, if it is a single word. */
function reasonWord(sets: readonly Claims[]): string {
  for (const claims of sets) {
    const value = claims?.[STATUS_REASON_ATTRIBUTE];
    const word = typeof value === 'string' ? tidy(value) : 'NOT_A_CODE';
    if (word !== '' && word !== 'NOT_A_CODE') return ` (${word})`;
  }
  return '';
}

function countPairing(run: FlowRun, machineMs: number, outcome: Outcome, value: string | undefined): void {
  const platform = run.user.phone?.platform ?? 'none';
  sample('pairing_duration', machineMs - run.machineMsAtAuthenticate, { platform });
  // A broken driver's pairing says nothing about the target.
  if (value === undefined || isDriversFault(run, outcome)) return;
  sample('pairing_error_rate', value === 'pairing_error', { platform });
}

/** The claims with the status attribute (PF_STATUS_FROM); undefined: an endpoint must be asked for them. */
function claimsIn(
  { settings: { statusFrom } }: FlowRun,
  accessToken: string | undefined,
  idToken: string | undefined,
): readonly Claims[] | undefined {
  if (statusFrom === 'tokens') return [tokenClaims(accessToken), tokenClaims(idToken)];
  if (statusFrom === 'access_token') return [tokenClaims(accessToken)];
  if (statusFrom === 'id_token') return [tokenClaims(idToken)];
  return accessToken === undefined ? [] : undefined;
}

/** What the endpoint that PF_STATUS_FROM names says of a token, or the ending if it cannot be read. */
async function askForClaims({ client, settings }: FlowRun, accessToken: string): Promise<readonly Claims[] | Ending> {
  const answer = await askClaims(client, settings.statusFrom === 'userinfo' ? 'userinfo' : 'introspect', accessToken);
  if (answer.is === 'gone') return endingAt({ ...answer, is: 'refused' });
  return answer.is === 'claims' ? [answer.claims] : endingAt(answer);
}

/** COMPLETED: code → token, then reads the status attribute. A code redeemed twice must be refused. */
export const finish: Handler = async (run, flow) => {
  const { client, user, settings, verifier, state } = run;
  const { code, access_token, id_token, state: echoed } = flow.authorizeResponse ?? {};
  if (echoed !== undefined && echoed !== state) {
    return { outcome: 'protocol_error', reason: 'COMPLETED with the state of another flow' };
  }
  let [accessToken, idToken] = [access_token, id_token];
  if (typeof code === 'string') {
    const answer = await redeemCode(client, code, verifier);
    if (answer.is !== 'tokens') return endingAt(answer.is === 'gone' ? { ...answer, is: 'refused' } : answer);
    [accessToken, idToken] = [answer.accessToken, answer.idToken];
    if (user.behaviour.token === 'replayed') {
      const again = await redeemCode(client, code, verifier, 'refused');
      if (again.is !== 'tokens')
        return again.is === 'refused' ? { outcome: 'refused', reason: again.code } : endingAt(again);
    }
  } else if (typeof access_token !== 'string') {
    return { outcome: 'protocol_error', reason: 'COMPLETED without a code or a token' };
  }
  const machineMs = client.machineMs;
  const claims = claimsIn(run, accessToken, idToken) ?? (await askForClaims(run, accessToken!));
  if ('outcome' in claims) return claims;
  const value = statusValue(claims, settings.statusClaim);
  const outcome = outcomeOf(run, value);
  if (run.pairingReached) countPairing(run, machineMs, outcome, value);
  return { outcome, reason: reasonOf(run, outcome, value, reasonWord(claims)) };
};

/** MFA_COMPLETED: the client must continue, after its profile's delay. */
export const continueAuthentication: Handler = async ({ client, profile, time }) => {
  if (profile.continueAfterMs > 0) await time.wait(profile.continueAfterMs).over;
  return follow(await act(client, 'continueAuthentication', {}));
};
