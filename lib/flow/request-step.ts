import { ACTION_MEDIA_TYPE, ACTION_QUERY_PARAMETER, PATHS } from '../../protocol/transport.ts';
import type { HttpAnswer } from '../json-object.ts';

/** Steps that have their own path. */
const STEP_OF_PATH = [
  [PATHS.authorization, 'start'],
  [PATHS.token, 'token'],
  [PATHS.userinfo, 'userinfo'],
  [PATHS.introspect, 'introspect'],
] as const;

/** Path of a URL, without its query. */
export function pathOf(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/?#]*/, '').replace(/[?#].*$/, '');
}

/** A request header; hosts differ in the case of header names. */
function headerOf(res: HttpAnswer, name: string): string {
  const found = Object.entries(res.request.headers).find(([key]) => key.toLowerCase() === name);
  return found?.[1].join(', ') ?? '';
}

/** The step of a request: `start`, `token`, …, the id of an action, or `readFlow`. */
export function stepOfRequest(res: HttpAnswer): string {
  const { method, url } = res.request;
  const path = pathOf(url);
  const known = STEP_OF_PATH.find(([end]) => path.endsWith(end));
  if (known !== undefined) return known[1];
  if (method === 'GET') return 'readFlow';
  const type = headerOf(res, 'content-type');
  const { prefix, suffix } = ACTION_MEDIA_TYPE;
  if (type.startsWith(prefix) && type.endsWith(suffix)) return type.slice(prefix.length, -suffix.length);
  const [, query = ''] = url.split('?');
  return query.replace(`${ACTION_QUERY_PARAMETER}=`, '');
}

/** A header of an answer, in any case; undefined if missing. */
export function answerHeader(res: HttpAnswer, name: string): string | undefined {
  return Object.entries(res.headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** Words from a server's answer that a person needs to correct a setting; anything else is not repeated. */

/** A status, custom ones included, in the form of PF_CUSTOM_STATUS. */
export function statusWord(status: string): string {
  return /^[A-Z][A-Z0-9_]{0,59}$/.test(status) ? status : 'NOT_A_STATUS';
}

/** Name of an action: letters only, so that it cannot be a passcode or token. */
export function actionWord(action: string): string {
  return /^[A-Za-z]{1,60}$/.test(action) ? action : 'NOT_AN_ACTION';
}

/** Name of a parameter, field, header, cookie or claim. */
export function nameWord(name: string): string {
  return name.slice(0, 60).replace(/[^\w.:/-]/g, '?');
}
