import { CHECKS } from './line.ts';
import type { Check, CheckName } from './line.ts';
import { client, renewal, session, xsrf } from './checks/client.ts';
import { clock } from './checks/clock.ts';
import { NOT_REACHED, heartbeat, reachable, roundTrip, tls } from './checks/network.ts';
import { rateLimit } from './checks/rate-limit.ts';
import { requestObject } from './checks/request-object.ts';
import { firstFactor, mfa, pairing, secondFactor } from './checks/sign-on.ts';
import { kit, statusAttribute, token } from './checks/token.ts';
import { right, unknown, foundWrong } from './findings.ts';
import type { Findings } from './findings.ts';

/** Splits a fault of the device side into finding and remedy. */
function devices({ deviceFault, heartbeats, settings }: Findings): Check {
  const beside = settings.driver === 'simulated' && settings.phoneUrl === '';
  if (beside && heartbeats.status === 0) return unknown('devices', NOT_REACHED);
  if (deviceFault === null)
    return right('devices', `DEVICE_DRIVER=${settings.driver} can do everything the users of the inventory need`);
  // Our errors have this form: fault; remedy.
  const [found = '', ...remedy] = deviceFault.split('; ');
  return foundWrong('devices', found, remedy.join('; '));
}

const JUDGE: Readonly<Record<CheckName, (findings: Findings) => Check | undefined>> = {
  ...{ reachable, tls, heartbeat, client, session, renewal, xsrf, mfa, token, clock, devices, pairing, kit },
  request_object: requestObject,
  round_trip: roundTrip,
  first_factor: firstFactor,
  second_factor: secondFactor,
  status_attribute: statusAttribute,
  rate_limit: rateLimit,
};

/** All checks that have something to say, in the order of CHECKS. */
export function checksOf(findings: Findings): Check[] {
  return (Object.keys(CHECKS) as CheckName[]).flatMap((name) => JUDGE[name](findings) ?? []);
}
