import { CUSTOM_STATUSES, OTHER_STATUSES } from '../../protocol/other-statuses.ts';
import { FLOW_STATUSES } from '../../protocol/statuses.ts';
import type { Ending } from './ending.ts';
import { statusName } from './words.ts';

const DRIVEN: readonly string[] = FLOW_STATUSES;
const CUSTOM: readonly string[] = CUSTOM_STATUSES;
const OTHER: readonly string[] = OTHER_STATUSES;

/** The status as a value of the closed tag list; `other` if unknown. */
export function statusTag(status: string): string {
  return DRIVEN.includes(status) || OTHER.includes(status) ? status : 'other';
}

/** The ending of a flow that turned away from a state without a handler: names it, and the setting that helps. */
export function notDriven(status: string): Ending {
  const byUsers = OTHER.includes(status) && !CUSTOM.includes(status);
  const reason = `${statusName(status)}: no handler (${byUsers ? 'INVENTORY' : 'PF_CUSTOM_STATUS'})`;
  return { outcome: 'not_driven', reason };
}
