import type { Check } from '../line.ts';
import { helpWith } from '../../../catalogue/other-states.ts';
import type { Ending } from '../../../lib/flow/ending.ts';
import { actionWord, statusWord } from '../../../lib/flow/request-step.ts';
import { jsonObject } from '../../../lib/json-object.ts';
import { flowAnswerOf, right, unknown, foundWrong } from '../findings.ts';
import type { CheckedExchange, Findings } from '../findings.ts';
import { flowAnswersOf, noFlow, session } from './client.ts';
import { clock } from './clock.ts';

/** First states that need no setting. */
const FIRST_STATES: Readonly<Record<string, string>> = {
  USERNAME_PASSWORD_REQUIRED: 'user name and password',
  IDENTIFIER_REQUIRED: 'identifier first',
  AUTHENTICATION_REQUIRED: 'none',
};

const FIRST_STEPS: readonly string[] = ['checkUsernamePassword', 'submitIdentifier'];

/** Remedies by the error code of the second factor. */
const REFUSED: Readonly<Record<string, string>> = {
  INVALID_OTP: 'compare the TOTP secret of the inventory with that of the device',
  DEVICE_LOCKED: 'unlock the device in PingOne, or wait for the unlock',
  TOTP_ATTEMPTS_LIMIT: 'wait until the lockout is over',
  MFA_FAILED: 'unlock the user in PingOne, and check that one of their devices may be used',
  INVALID_MOBILE_PAYLOAD: 'have the device driver return payloads of this PingOne environment and application',
};

/** The remedy for the state in which the flow stopped: the reason starts with it. */
function helpAfter({ reason }: Ending): string {
  return helpWith(reason.replace(/:.*/, ''));
}

function statusOf({ res }: CheckedExchange): string {
  const answer = flowAnswerOf(res);
  return answer.is === 'flow' ? answer.flow.status : '';
}

/** Actions offered by a response, except cancelling. */
function actionsOf({ res }: CheckedExchange): string[] {
  const links = jsonObject(res)?.['_links'];
  const names = typeof links === 'object' && links !== null ? Object.keys(links) : [];
  return names.filter((name) => name !== 'self' && name !== 'cancelAuthentication').map(actionWord);
}

/** The last rejected request. */
interface Refused {
  readonly step: string;
  readonly code: string;
}

function refusalOf({ exchanges }: Findings): Refused | undefined {
  const last = exchanges.filter(({ res }) => res.status !== 200).pop();
  if (last === undefined) return undefined;
  const answer = flowAnswerOf(last.res);
  return answer.is === 'flow' ? undefined : { step: last.step, code: answer.code };
}

/** The last rejection, if it was of one of these steps. */
function refusalAt(findings: Findings, steps: readonly string[]): Refused | undefined {
  const refused = refusalOf(findings);
  if (refused === undefined) return undefined;
  return steps.includes(refused.step) ? refused : undefined;
}

/** Checks that the flow starts with the configured first factor, and that the user passes it. */
export function firstFactor(findings: Findings): Check {
  const flows = flowAnswersOf(findings);
  const [first] = flows;
  if (first === undefined) return unknown('first_factor', noFlow(findings));
  const status = statusOf(first);
  const { customAction } = findings.settings;
  const kind = status === customAction?.status ? `custom (${customAction.action})` : FIRST_STATES[status];
  if (kind === undefined && customAction !== undefined) {
    return foundWrong(
      'first_factor',
      `PF_CUSTOM_STATUS is ${customAction.status}, but the flow starts with ${statusWord(status)}`,
      `correct it: PF_CUSTOM_STATUS=${statusWord(status)}`,
    );
  }
  if (kind === undefined) {
    const [action = 'ACTION'] = actionsOf(first);
    return foundWrong(
      'first_factor',
      `the flow starts with ${statusWord(status)}, which is not configured`,
      `set PF_CUSTOM_STATUS=${statusWord(status)}, PF_CUSTOM_ACTION=${action} and PF_CUSTOM_BODY to its model`,
    );
  }
  if (customAction !== undefined && !flows.some((flow) => statusOf(flow) === customAction.status)) {
    return foundWrong(
      'first_factor',
      `PF_CUSTOM_STATUS is ${customAction.status}, but the flow starts with ${statusWord(status)}`,
      'leave out PF_CUSTOM_STATUS and PF_CUSTOM_ACTION, or correct them',
    );
  }
  if (session(findings).is === 'wrong') return unknown('first_factor', 'the session was lost (above)');
  const refused = refusalAt(findings, [...FIRST_STEPS, customAction?.action ?? '']);
  if (refused === undefined) return right('first_factor', kind);
  if (refused.code === 'CREDENTIAL_VALIDATION_FAILED') {
    return foundWrong(
      'first_factor',
      `user ${findings.patient.index} of the inventory was rejected`,
      'create the users of INVENTORY in the directory of PingFederate, with these passwords',
    );
  }
  const wanted = refused.step === customAction?.action;
  return foundWrong(
    'first_factor',
    `${actionWord(refused.step)} was rejected: ${refused.code}`,
    wanted
      ? 'compare PF_CUSTOM_ACTION and PF_CUSTOM_BODY with the adapter’s model'
      : 'try PF_ACTION_STYLE=query where a gateway blocks the media types of actions',
  );
}

/** Checks that the MFA adapter follows the first factor. */
export function mfa(findings: Findings): Check {
  const flows = flowAnswersOf(findings);
  if (flows.length === 0) return unknown('mfa', noFlow(findings));
  if (flows.some((flow) => statusOf(flow) === 'AUTHENTICATION_REQUIRED')) {
    return right('mfa', 'AUTHENTICATION_REQUIRED follows the first factor');
  }
  const last = statusOf(flows[flows.length - 1]!);
  const { ending } = findings;
  if (ending?.outcome === 'not_driven' && firstFactor(findings).is === 'right') {
    return foundWrong('mfa', `the flow stops at ${ending.reason}`, helpAfter(ending));
  }
  if (last !== 'COMPLETED' && last !== 'MFA_COMPLETED') return unknown('mfa', 'the first factor did not succeed');
  return foundWrong(
    'mfa',
    `the flow ends in ${last} without AUTHENTICATION_REQUIRED`,
    'put the PingOne MFA IdP Adapter after the first factor in the authentication policy, or end the session that skips it',
  );
}

/** Checks that the user's flow gets through the second factor. */
export function secondFactor(findings: Findings): Check {
  const { ending, patient, settings } = findings;
  if (mfa(findings).is !== 'right') return unknown('second_factor', 'the MFA adapter was not reached');
  if (patient.until === 'mfa') {
    const why = 'no user of the inventory has only a TOTP device with its secret';
    const push = settings.driver === 'simulated' || settings.driver === 'bridge' ? ', or only a phone in hand' : '';
    return unknown(
      'second_factor',
      why + push,
      'add one to INVENTORY, so that second factor, token and status attribute are checked',
    );
  }
  if (ending?.outcome === 'bypassed') {
    return foundWrong(
      'second_factor',
      `user ${patient.index} was ${ending.reason}`,
      'check the failure modes of the adapter (Service Unavailable, No Device), the policy, and the devices of this user',
    );
  }
  if (ending?.outcome === 'not_driven') {
    return foundWrong('second_factor', `user ${patient.index} reached ${ending.reason}`, helpAfter(ending));
  }
  if (findings.exchanges.some(({ step }) => step === 'token')) {
    return right(
      'second_factor',
      `${patient.user.kind === 'F7' ? 'TOTP' : 'push'}, as user ${patient.index} of the inventory`,
    );
  }
  if (clock(findings).is === 'wrong')
    return unknown('second_factor', 'the TOTP was rejected because the clocks differ (below)');
  const code = refusalOf(findings)?.code ?? ending?.reason ?? 'no answer';
  const known = Object.hasOwn(REFUSED, code) ? REFUSED[code] : undefined;
  return foundWrong(
    'second_factor',
    `user ${patient.index} did not succeed: ${code}`,
    known ?? `for details: pairstorm trace --user ${patient.index}`,
  );
}
