import { ACTIONS } from '../protocol/actions.ts';
import type { ActionId } from '../protocol/action-ids.ts';
import { ACTION_MEDIA_TYPE, ACTION_QUERY_PARAMETER } from '../protocol/transport.ts';
import { refuse, refuseDetail } from './api-refusal.ts';
import { mediaTypeOf, queryOf } from './call.ts';
import type { Call } from './call.ts';
import type { SimulatorSettings } from './settings.ts';

type NamingSettings = Pick<SimulatorSettings, 'checkContentType'>;

/**
 * The action of a call: from its media type, or from `?action=` with `application/json`. Throws INVALID_CONTENT_TYPE if
 * it names none, INVALID_ACTION_ID if the action is unknown.
 */
export function nameAction(call: Call, settings: NamingSettings): ActionId {
  const action = namedAction(call, settings);
  if (action === null) throw refuseDetail('INVALID_CONTENT_TYPE');
  if (!isAction(action)) throw refuse('INVALID_ACTION_ID');
  return action;
}

/** Like nameAction, for labels: null without a known action. */
export function peekAction(call: Call, settings: NamingSettings): ActionId | null {
  const action = namedAction(call, settings);
  return action !== null && isAction(action) ? action : null;
}

/** The named action, known or not; null if the call names none. */
export function namedAction(call: Call, { checkContentType }: NamingSettings): string | null {
  const { prefix, suffix } = ACTION_MEDIA_TYPE;
  const type = mediaTypeOf(call);
  if (type.startsWith(prefix) && type.endsWith(suffix)) return type.slice(prefix.length, -suffix.length);
  return type === 'application/json' || checkContentType === 'off' ? queryOf(call).get(ACTION_QUERY_PARAMETER) : null;
}

function isAction(name: string): name is ActionId {
  return Object.hasOwn(ACTIONS, name);
}
