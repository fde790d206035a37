import type { Check } from '../line.ts';
import { NOTED_ERRORS } from '../../../catalogue/noted-errors.ts';
import type { NotedError } from '../../../catalogue/noted-errors.ts';
import { helpWith } from '../../../catalogue/other-states.ts';
import type { Ending } from '../../../lib/flow/ending.ts';
import { actionWord, statusWord } from '../../../lib/flow/request-step.ts';
import { jsonObject } from '../../../lib/json-object.ts';
import { flowAnswerOf, right, unknown, foundWrong } from '../findings.ts';
import type { CheckedExchange, Findings } from '../findings.ts';
import { flowAnswersOf, noFlow, session } from './client.ts';
import type { Patient } from '../patient.ts';
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

function remedyFor(code: string): string | undefined {
  if (Object.hasOwn(REFUSED, code)) return REFUSED[code];
  return Object.hasOwn(NOTED_ERRORS, code) ? NOTED_ERRORS[code as NotedError].remedy : undefined;
}

/** What the user came through by. */
function factorOf({ user: { kind, devices } }: Patient): string {
  if (kind !== 'F7') return 'push';
  return devices[0]?.testMode === true ? 'code of a test device' : 'TOTP';
}

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
  if (patient.until !== 'token') {
    const why =
      settings.driver === 'test-device'
        ? 'no user of the inventory has only a test device, or only a TOTP device with its secret'
        : 'no user of the inventory has only a TOTP device with its secret';
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
    return right('second_factor', `${factorOf(patient)}, as user ${patient.index} of the inventory`);
  }
  if (clock(findings).is === 'wrong')
    return unknown('second_factor', 'the TOTP was rejected because the clocks differ (below)');
  const code = refusalOf(findings)?.code ?? ending?.reason ?? 'no answer';
  const known = code
    .split(': ')
    .map(remedyFor)
    .find((remedy) => remedy !== undefined);
  return foundWrong(
    'second_factor',
    `user ${patient.index} did not succeed: ${code}`,
    known ?? `for details: pairstorm trace --user ${patient.index}`,
  );
}

/** Checks that a new phone's payload leads to its pairing. Undefined if none was sent: somebody else plays the flow. */
export function pairing(findings: Findings): Check | undefined {
  const sent = findings.exchanges.find(({ step }) => step === 'authenticate');
  if (findings.patient.until !== 'pairing' || sent === undefined) return undefined;
  const states = flowAnswersOf(findings).map(statusOf);
  if (states.includes('MOBILE_PAIRING_REQUIRED'))
    return right('pairing', 'MOBILE_PAIRING_REQUIRED follows the payload of a new phone');
  const refused = refusalAt(findings, ['authenticate']);
  if (refused !== undefined)
    return foundWrong('pairing', `the payload was refused: ${refused.code}`, REFUSED['INVALID_MOBILE_PAYLOAD']!);
  return foundWrong(
    'pairing',
    `a payload was sent, and ${statusWord(statusOf(sent))} came in place of MOBILE_PAIRING_REQUIRED`,
    'add mobilePayload to the Tracked HTTP Parameters of the authentication policy, and allow automatic pairing for the application in PingOne',
  );
}
