import { CUSTOM_STATUSES, OTHER_STATUSES, PAIRING_STATUSES } from '../protocol/other-statuses.ts';

const CUSTOM =
  'if that is a step of your own, describe it: PF_CUSTOM_STATUS, PF_CUSTOM_ACTION and PF_CUSTOM_BODY (pairstorm doctor says how)';
const BY_HAND =
  'users of INVENTORY need a device, or automatic pairing: mobilePayload under Tracked HTTP Parameters of the policy, and a DEVICE_DRIVER that has payloads';
const ANOTHER_DEVICE =
  'give these accounts a device that DEVICE_DRIVER, or a TOTP secret of INVENTORY, can serve, or take them out of INVENTORY';

/** What helps with a state that nobody drives, whose users turn away: `report` and `doctor` say the same. */
export function helpWith(status: string): string {
  if ((PAIRING_STATUSES as readonly string[]).includes(status)) return BY_HAND;
  const others: readonly string[] = OTHER_STATUSES;
  return others.includes(status) && !(CUSTOM_STATUSES as readonly string[]).includes(status) ? ANOTHER_DEVICE : CUSTOM;
}
