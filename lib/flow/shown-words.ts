/** Words of a server's answer that a person must read to put a setting right; what is no such word is not repeated. */

/** A status, a deployment's own included, in the form that PF_CUSTOM_STATUS has. */
export function statusWord(status: string): string {
  return /^[A-Z][A-Z0-9_]{0,59}$/.test(status) ? status : 'NOT_A_STATUS';
}

/** Name of an action: letters only, so that no passcode and no token can be one. */
export function actionWord(action: string): string {
  return /^[A-Za-z]{1,60}$/.test(action) ? action : 'NOT_AN_ACTION';
}

/** Name of a parameter, field, header, cookie or claim. */
export function nameWord(name: string): string {
  return name.slice(0, 60).replace(/[^\w.:/-]/g, '?');
}
